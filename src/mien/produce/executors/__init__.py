"""Executors, which make the shards of a set: in processes of this machine, with Slurm, or with Ray."""
