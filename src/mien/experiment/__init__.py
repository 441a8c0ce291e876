"""Studies with people: what their answers say."""
