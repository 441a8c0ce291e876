"""Measure the action units in a clip."""
