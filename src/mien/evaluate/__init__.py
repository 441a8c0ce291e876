"""Judge results: pictures, motion, AUs, a clip rebuilt from itself, and the agreement of two codings."""
