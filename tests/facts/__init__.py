"""Facts: what the tools must say about each sample, in every generation that serves it."""

from functools import cache

from tests.facts import (
    called_apis,
    documents,
    evals,
    experiments,
    functions_and_loops,
    misleading_and_hostile,
    pairs,
    routing_and_reviews,
    statuses,
    weeks,
)
from tests.facts.fact import Fact
from tests.samples import sample_named

_THEMES = (
    documents,
    called_apis,
    functions_and_loops,
    routing_and_reviews,
    statuses,
    misleading_and_hostile,
    experiments,
    evals,
    weeks,
    pairs,
)


@cache
def facts_of(sample_name: str) -> tuple[Fact, ...]:
    """Return the facts about a sample; empty for a name without facts."""
    sample = sample_named(sample_name)
    return tuple(
        fact
        for theme in _THEMES
        for call in theme.FACTS.get(sample_name, [])
        for fact in call(sample)
    )
