"""What makes the shards of a set: processes of this machine, Slurm, Ray."""
