"""Summary: what a batch found, in figures that a revenue-cycle manager reads; as text, JSON and one HTML page."""
