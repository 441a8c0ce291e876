"""The ULME-GAN engine."""
