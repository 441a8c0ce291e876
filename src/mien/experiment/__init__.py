"""Build studies with people, and analyse their answers."""
