"""Recognise loops and fold their steps into one row each."""
