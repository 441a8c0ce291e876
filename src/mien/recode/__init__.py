"""Re-encode a measured AU track."""
