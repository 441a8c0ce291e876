"""Face sets: the pictures that networks learn from."""
