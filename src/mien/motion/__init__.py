"""Measured motion: dense flow from the first frame, the motion field of a clip, its AUs, its apex."""
