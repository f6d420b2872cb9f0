"""Steps that took most of the time."""

from collections.abc import Callable
from typing import Any

import pytest

from retab_mcp.analysis.findings.durations import find_slow_step
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.models import StepSummary

Make = Callable[..., StepSummary]


def slow(make_step: Make, *seconds: float, **fields: Any) -> list[str]:
    at = 0.0
    steps = []
    for number, each in enumerate(seconds):
        steps.append(make_step("abcdef"[number], at, each, **fields))
        at += each
    found = list(find_slow_step(RunFacts(tuple(steps))))
    return [f"{one.block_id} {one.message}" for one in found]


def test_a_step_that_took_most_of_the_time_is_slow(make_step: Make) -> None:
    assert slow(make_step, 1, 30, 2) == [
        "b took 30 s; all steps together took 33 s, half of the others at most 1.5 s"
    ]
    assert slow(make_step, 10, 2) == ["a took 10 s; all steps together took 12 s"]


@pytest.mark.parametrize(
    "seconds",
    [
        (30,),
        (9.9, 1),
        (10, 2.1),
        (25, 10, 10, 2),
        (20, 20, 1, 1),
    ],
)
def test_a_step_is_not_slow_alone_or_among_its_like(
    make_step: Make, seconds: tuple[float, ...]
) -> None:
    assert slow(make_step, *seconds) == []


def test_a_loop_is_not_slow_itself(make_step: Make) -> None:
    steps = (
        make_step("each", 0, 60, type="for_each"),
        make_step("a", 60, 1),
        make_step("b", 61, 1),
    )
    assert list(find_slow_step(RunFacts(steps))) == []
