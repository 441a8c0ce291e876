"""The rig: how far each mesh vertex moves for each action unit."""
