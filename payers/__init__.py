"""Room: payers."""
