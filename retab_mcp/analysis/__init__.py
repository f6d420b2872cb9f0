"""What a record means: causes, loops, and a digest made for each operation. Pure functions."""
