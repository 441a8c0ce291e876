"""Train animation via disentanglement (AVD) on the regions that a trained MRAA finds."""
