"""Read, write and render project files, and translate them into a command or Python code."""
