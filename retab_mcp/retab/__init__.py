"""The Retab API over HTTP: which routes are called, how, and how responses are read."""
