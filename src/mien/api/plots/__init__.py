"""Pictures of what was measured: AU timelines, motion arrows, magnified motion, the followed mesh."""
