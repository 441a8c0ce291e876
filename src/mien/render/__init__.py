"""Warp the portrait's pixels by vertex displacements."""
