"""Recognize loops and collapse their steps into one row each."""
