"""Decide exact, variant or different from features: the model and its calibration."""
