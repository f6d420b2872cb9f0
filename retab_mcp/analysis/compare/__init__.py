"""Compare runs, experiment runs and JSON values."""
