"""Project files: render them, and say them as a command or as Python."""
