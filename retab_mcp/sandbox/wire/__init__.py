"""Response bodies, by subject."""
