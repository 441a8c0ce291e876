"""Face sets: pictures of faces with the AUs that each shows."""
