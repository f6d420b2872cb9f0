"""The command line: servers, demo and sandbox."""
