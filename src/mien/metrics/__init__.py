"""Measures of a result: its motion, its AUs."""
