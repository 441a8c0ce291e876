"""Make what a release of Mien needs: the hashes of its dependencies, its files, and its bill of materials."""
