"""Judge results: their pictures, their motion, their AUs, and a clip rebuilt from itself."""
