"""HOW FAR: the displacement of each mesh vertex for each action unit."""
