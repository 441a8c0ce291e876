"""What several verbs share: options, portraits, clips to measure, and output."""
