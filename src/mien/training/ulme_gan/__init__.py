"""Training of ULME-GAN."""
