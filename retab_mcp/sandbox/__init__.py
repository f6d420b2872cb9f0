"""An embedded Retab API with sample runs, served over HTTP in any generation of the API.

It imports nothing of the rest of the package, so that it can prove the rest wrong.
"""
