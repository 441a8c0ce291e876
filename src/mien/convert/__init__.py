"""AU timelines from one format to another: `convert.convert_file`."""
