"""Benchmarks that anyone can reproduce: `make bench`."""
