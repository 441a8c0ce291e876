"""Convert AU timelines from one format to another; see `mien.convert.convert.convert_file`."""
