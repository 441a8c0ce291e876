"""Networks and kernels that recognise micro-expressions: from flow maps to three classes."""
