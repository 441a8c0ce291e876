"""Networks and kernels that recognise micro-expressions: flow maps to three classes."""
