"""Training of animation via disentanglement (AVD), which follows that of MRAA."""
