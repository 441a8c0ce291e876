"""The mesh engine."""
