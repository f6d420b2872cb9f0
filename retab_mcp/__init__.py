"""retab-mcp: an MCP server that tells an assistant why a Retab workflow run failed."""

__version__ = "0.1.0"
