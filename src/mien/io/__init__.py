"""Files in and out: images, clips, AU tables, sidecars."""
