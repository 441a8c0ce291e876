"""Let people rate clips: the blinded page, the raters' sessions, and the files of ratings."""
