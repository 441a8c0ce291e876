"""Make many clips from a table, or a crossed sheet of stimuli."""
