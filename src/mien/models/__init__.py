"""Pure networks, tensors to tensors. They do no I/O, detect nothing and never name a device."""
