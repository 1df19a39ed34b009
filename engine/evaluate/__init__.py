"""Room: engine/evaluate."""
