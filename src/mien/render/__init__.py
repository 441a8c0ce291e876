"""Pixels: vertex displacements to warped frames."""
