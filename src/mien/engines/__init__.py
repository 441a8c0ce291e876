"""Engines that turn a portrait and an AU track, or a driver's motion, into frames."""
