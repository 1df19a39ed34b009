"""Encounter: the claim, the catalogue of its facts, and where each value came from."""
