"""Build the answer of each tool."""
