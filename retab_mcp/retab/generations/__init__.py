"""The generations of the API: one file for each, and their registry."""
