"""The server as a service for many: streamable HTTP, each caller with a credential of its own."""
