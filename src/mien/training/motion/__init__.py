"""Training of FOMM and MRAA, with a facial prior or without."""
