"""The Retab API over HTTP: which addresses are called, how, and what their answers mean."""
