"""Group the failures of many runs, and date them."""
