"""Measure a result: its pictures, its motion, its AUs, the person's identity, and recognition scores."""
