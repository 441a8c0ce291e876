"""Measure motion: dense flow from the first frame, a clip's motion field, its AUs and its apex."""
