"""retab-mcp: an MCP server that explains Retab workflow runs to AI assistants."""

__version__ = "0.1.0"
