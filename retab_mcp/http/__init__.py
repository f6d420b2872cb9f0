"""The server as a service for many callers: streamable HTTP, a credential in every request."""
