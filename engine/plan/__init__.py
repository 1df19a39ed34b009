"""Room: engine/plan."""
