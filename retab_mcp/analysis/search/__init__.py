"""Search a run: the query, and the matches that it found."""
