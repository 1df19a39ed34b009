"""Room: grammar."""
