"""An embedded Retab API with sample runs, served over HTTP in any generation of the API.

It imports nothing else from the package, so that a shared mistake cannot hide a bug.
"""
