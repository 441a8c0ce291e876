"""Draw figures: contact sheets, measurements and comparisons."""
