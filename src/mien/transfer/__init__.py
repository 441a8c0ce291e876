"""Put the movement of a clip onto a portrait."""
