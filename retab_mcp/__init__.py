"""retab-mcp: an MCP server that explains Retab workflow runs to AI assistants."""

__version__ = "0.1.0"

# What registries, clients and packages show; OWNER is replaced before the first release.
TITLE = "Retab workflow runs"
WEBSITE = "https://github.com/OWNER/retab-mcp"
