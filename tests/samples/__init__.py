"""Every sample run: those of the sandbox, and those that only tests need."""

from functools import cache

from retab_mcp.sandbox.records import Sample
from retab_mcp.sandbox.samples import all_samples as _all


@cache
def all_samples() -> tuple[Sample, ...]:
    """Return every sample, the simplest first."""
    return _all()


def sample_named(name: str) -> Sample:
    """Return the sample of this name; StopIteration when there is none."""
    return next(sample for sample in all_samples() if sample.name == name)
