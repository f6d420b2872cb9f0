"""Say what running again, an attempt or a whole run, does or did."""
