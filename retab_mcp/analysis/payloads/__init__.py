"""Compare what steps received with what they passed on: numbers, fields, items."""
