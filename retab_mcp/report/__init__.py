"""The picture of a run: one HTML page for a file, and the same page for hosts of MCP Apps."""
