"""Make a balanced pool of stimuli from portraits, ready to be normed by human raters."""
