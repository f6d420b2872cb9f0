"""Pure functions that show JSON in few tokens: budget, shape, pointers and pages."""
