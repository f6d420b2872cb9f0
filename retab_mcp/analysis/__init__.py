"""Explain runs: causes, findings, loops, comparisons and artifacts. Pure functions."""
