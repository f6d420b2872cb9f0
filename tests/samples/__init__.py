"""Every sample: those of the sandbox, and those that only tests need."""

from functools import cache

from retab_mcp.sandbox import samples as sandbox
from retab_mcp.sandbox.records import Sample
from tests.samples import (
    api_calls,
    documents,
    evals,
    experiment_runs,
    functions,
    hostile,
    invoices,
    loops,
    misleading,
    nested_loops,
    pairs,
    reviews,
    routing,
    statuses,
    weeks,
)

_THEMES = (
    invoices,
    documents,
    api_calls,
    functions,
    loops,
    nested_loops,
    routing,
    reviews,
    statuses,
    misleading,
    hostile,
    experiment_runs,
    evals,
    weeks,
    pairs,
)


@cache
def all_samples() -> tuple[Sample, ...]:
    """Return every sample, the sandbox's first; large payloads are built when resolved."""
    return (
        *sandbox.all_samples(),
        *(sample for theme in _THEMES for sample in theme.samples()),
    )


def sample_named(name: str) -> Sample:
    """Return the sample of this name; StopIteration when there is none."""
    return next(sample for sample in all_samples() if sample.name == name)


def samples_named(*names: str) -> tuple[Sample, ...]:
    """Return the samples of these names, in their order."""
    return tuple(sample_named(name) for name in names)


def weeks_of_runs() -> tuple[Sample, ...]:
    """Return the workflows with a week of runs each."""
    return samples_named("bookings-week", "receipts-week", "permits-week")


def pairs_of_runs() -> tuple[Sample, ...]:
    """Return the samples of two runs to compare."""
    return samples_named("receipt-versions", "payments-rate", "payments-more")
