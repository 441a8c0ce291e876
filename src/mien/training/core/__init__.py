"""What training any network shares: loop, checkpoints, schedule and log."""
