"""The study for Qualtrics: the table of a Loop & Merge, clips, and steps."""
