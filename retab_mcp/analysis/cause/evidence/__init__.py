"""Gather what a failed step's own records show about its failure."""
