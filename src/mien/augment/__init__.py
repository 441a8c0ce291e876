"""Make a labelled data set of clips from portraits."""
