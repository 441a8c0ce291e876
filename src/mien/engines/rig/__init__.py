"""The rig engine."""
