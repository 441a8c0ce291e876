"""Figures anyone can make again: `make bench`."""
