"""Trace a value back through the steps of a run."""
