"""Packages and snippets for registries and clients, made from the package by `generate`."""
