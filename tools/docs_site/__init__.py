"""The documentation site: the Sphinx extension that completes the pages, and a check that it needs no network."""
