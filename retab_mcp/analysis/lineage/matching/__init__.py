"""Find the value in a step's inputs that became a value in its outputs."""
