"""Room: engine/explain."""
