"""Check values: JSON types, schemas, likelihoods, votes and page ranges."""
