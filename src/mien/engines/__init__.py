"""Engines that turn a portrait and an AU track into frames."""
