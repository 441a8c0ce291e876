"""Compare the motion of two clips."""
