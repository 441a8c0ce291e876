"""The study for OpenSesame: an experiment file, and the code that it calls."""
