"""The site: what Sphinx adds to the pages of docs, and the check that it needs no network."""
