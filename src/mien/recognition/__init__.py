"""Train and evaluate recognisers of micro-expressions on flow maps."""
