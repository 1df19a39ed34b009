"""Room: engine/model."""
