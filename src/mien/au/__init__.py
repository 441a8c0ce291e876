"""WHAT moves and WHEN: the action units, their tracks, envelopes, presets and statistics."""
