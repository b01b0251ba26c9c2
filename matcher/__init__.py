"""Entity resolution for product catalogues: exact duplicates and variant families."""

__version__ = "0.1.0"
