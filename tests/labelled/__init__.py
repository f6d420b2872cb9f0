"""Failing and wrong runs with labels, by which get_run is measured."""

from functools import cache

from tests.labelled import (
    across,
    called_apis,
    documents,
    doubtful,
    functions,
    inputs,
    loops,
    opaque,
    parallel,
    platform_failures,
    survived,
)
from tests.labelled.scenario import Scenario

_GROUPS = (
    called_apis,
    documents,
    functions,
    platform_failures,
    inputs,
    parallel,
    loops,
    opaque,
    survived,
    doubtful,
    across,
)


@cache
def all_scenarios() -> tuple[Scenario, ...]:
    """Return every labelled run, by theme."""
    return tuple(scenario for group in _GROUPS for scenario in group.scenarios())
