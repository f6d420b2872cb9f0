"""Rules that compare the payloads of steps: loops, merges, functions, lookups."""
