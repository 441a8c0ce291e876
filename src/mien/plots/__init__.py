"""Figures: contact sheets, measurements and comparisons."""
