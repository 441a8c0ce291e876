"""Plan, make in shards, and verify sets of millions of labelled samples."""
