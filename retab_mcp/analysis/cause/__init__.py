"""Find the step that a failed run depends on, and the kind of its failure."""
