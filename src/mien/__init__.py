"""Mien makes, measures and judges facial micro-expressions."""

__version__ = "0.1.0"
