"""Mien's version: the only place that states it; ``pyproject.toml`` reads it from here."""

from __future__ import annotations

__version__ = "1.0.0"
