"""What training any network shares: recipe, loop, checkpoints, log and validation sheets."""
