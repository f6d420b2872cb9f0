"""The routes of the API by subject; each generation has only its own."""
