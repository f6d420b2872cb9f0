"""Fetch what a question needs within its deadline, and cache finished runs between calls."""
