"""Sample runs that feel like real work, each with the facts that the tools are held to."""

from functools import cache

from retab_mcp.sandbox.records import Sample
from retab_mcp.sandbox.samples import (
    api_calls,
    api_refusals,
    documents,
    experiment_runs,
    experiments,
    functions,
    hostile,
    invoices,
    lifecycles,
    loops,
    misleading,
    nested_loops,
    pairs,
    reviews,
    routing,
    weeks,
)

_GROUPS = (
    invoices,
    documents,
    api_calls,
    api_refusals,
    functions,
    loops,
    nested_loops,
    routing,
    reviews,
    lifecycles,
    misleading,
    hostile,
    experiments,
    experiment_runs,
    weeks,
    pairs,
)


@cache
def all_samples() -> tuple[Sample, ...]:
    """Return every sample, the simplest first; big payloads are built when they are resolved."""
    return tuple(sample for group in _GROUPS for sample in group.samples())
