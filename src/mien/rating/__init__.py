"""Rating clips by eye: the blinded page, its sessions, and the files of what raters said."""
