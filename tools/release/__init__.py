"""What a release of Mien needs: hashes of what it uses, its files, and its bill of materials."""
