"""How JSON becomes few tokens: cleaning, redaction, pointers, budget and shape. Pure functions."""
