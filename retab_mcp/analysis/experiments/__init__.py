"""Experiment runs: their documents, and what changed between two of them."""
