"""Find the face in a picture, its landmarks, pose and regions."""
