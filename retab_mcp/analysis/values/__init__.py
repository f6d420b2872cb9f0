"""Check values: schemas, likelihoods, votes and page ranges."""
