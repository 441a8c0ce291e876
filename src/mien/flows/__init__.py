"""Measure flow maps of a data set's clips."""
