"""What a user asks for, in Python and on the command line alike: options in, a clip out."""
