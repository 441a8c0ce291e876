"""Networks that only map tensors to tensors. They read no files, find no faces and choose no device."""
