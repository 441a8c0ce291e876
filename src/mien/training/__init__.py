"""Training: sets of faces, losses, loops and checkpoints."""
