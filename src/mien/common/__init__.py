"""Code that several commands share: options, portraits, clips to measure, and output."""
