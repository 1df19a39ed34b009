"""Room: engine/encounter."""
