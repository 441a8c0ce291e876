"""The parts of training that all networks share: recipe, loop, checkpoints, log and sample sheets."""
