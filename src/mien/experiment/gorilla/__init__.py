"""The study for Gorilla: spreadsheets, clips, and steps."""
