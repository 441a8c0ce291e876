"""Face sets of kind ``clips``: filmed people, with the AUs and the motion of each frame."""
