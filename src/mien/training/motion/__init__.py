"""Train FOMM and MRAA, with or without a facial prior."""
