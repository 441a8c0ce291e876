"""The FOMM and MRAA engines."""
