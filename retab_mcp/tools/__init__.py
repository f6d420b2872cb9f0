"""What an assistant may ask, and in which words it is answered: one tool a file."""
