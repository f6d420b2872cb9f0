"""Rules about a step and its record together: conditions, outputs, votes and calls."""
