"""Room: engine: the walk from rule text and claim to verdict and explanation; `__version__` stands in every receipt."""

__version__ = "0.1.0"
