"""Labelled samples by the million: planned, made in shards, verified."""
