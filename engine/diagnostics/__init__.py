"""Room: engine/diagnostics."""
