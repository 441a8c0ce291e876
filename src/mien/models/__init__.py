"""Pure networks, from tensors to tensors. They do no I/O, do not detect faces and never name a device."""
