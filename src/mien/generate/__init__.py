"""Make a clip of a portrait from action units."""
