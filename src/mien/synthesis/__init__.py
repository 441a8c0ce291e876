"""Flow maps generated from the face rig."""
