"""What to fetch for a question, within its deadline, and what is remembered between questions."""
