"""The study for PsychoPy: an experiment for its Builder, a script, and what both need."""
