"""Pure networks: tensors in, tensors out. They read no files, detect nothing and never name a device."""
