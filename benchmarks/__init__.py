"""Measurements of matcher on real catalogues: ``python -m benchmarks --help``."""
