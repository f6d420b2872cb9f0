"""Find the root cause of a failed run and the kind of its failure."""
