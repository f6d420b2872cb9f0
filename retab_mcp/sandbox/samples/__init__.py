"""Sample runs to try the server with: one or two of each kind."""

from functools import cache

from retab_mcp.sandbox.records import Sample
from retab_mcp.sandbox.samples import failing, finished, related


@cache
def all_samples() -> tuple[Sample, ...]:
    """Return every sample, the simplest first; large payloads are built when they are resolved."""
    return (*finished.samples(), *failing.samples(), *related.samples())
