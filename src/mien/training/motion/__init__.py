"""Training of FOMM and MRAA."""
