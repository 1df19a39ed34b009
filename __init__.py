"""Sequela: a rule engine with its own language for clinical coding and payer rules."""

__version__ = "0.1.0"
