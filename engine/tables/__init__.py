"""Room: engine/tables."""
