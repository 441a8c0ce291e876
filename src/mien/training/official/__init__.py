"""Convert official PyTorch checkpoints of the published networks to Mien's weights."""
