"""Read and write AU timelines in the formats of other programs, one module a format; `registry` lists them."""
