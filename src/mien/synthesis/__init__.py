"""Generate labelled flow maps from the face rig."""
