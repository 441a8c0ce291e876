"""Train ULME-GAN."""
