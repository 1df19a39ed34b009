"""Cases: running the tests that authors write beside their rules."""
