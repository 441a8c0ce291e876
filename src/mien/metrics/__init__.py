"""Measure a result: its motion, its AUs, its sharpness, the person's identity, and recognition scores."""
