"""AU timelines from and to files of other programs, one file a format; `registry` lists them."""
