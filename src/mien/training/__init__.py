"""Train networks: face sets, losses, the training loop and checkpoints."""
