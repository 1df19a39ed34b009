"""Room: engine/syntax."""
