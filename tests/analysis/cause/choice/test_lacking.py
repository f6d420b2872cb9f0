"""Inputs that lack the items of failed iterations."""

from collections.abc import Callable
from typing import Any

import pytest

from retab_mcp.analysis.cause.choice.lacking import lacks_items
from retab_mcp.models import StepPayload, StepSummary

Make = Callable[..., StepSummary]


def lacks(make_step: Make, given: Any, failed: tuple[int, ...], ran: int = 4) -> bool:
    steps = [make_step("work", n, loops=(("each", n),)) for n in range(ran)]
    steps += [make_step("other", 0, loops=(("second", 9),)), make_step("book", 9)]
    lost = [steps[n] for n in failed]
    payload = StepPayload({"note": None, "in": {"type": "json", "data": given}})
    return lacks_items(payload, lost, steps)


@pytest.mark.parametrize(
    "given",
    [
        [1, 2, 4],
        {"items": [1, 2, 4]},
        {"a": {"b": {"items": [1, 2, 4]}}},
        [1, 2, None, 4],
        [1, 2, {}, 4],
        [1, 2, [], 4],
        {"result": [1, 2, "", 4], "count": 4},
    ],
)
def test_a_list_without_the_failed_item_lacks_it(make_step: Make, given: Any) -> None:
    assert lacks(make_step, given, (2,))


@pytest.mark.parametrize(
    "given",
    [
        [1, 2, 3, 4],
        [1, None, 3, 4],
        [1, None, None, 4],
        [1, 2],
        [1, 2, 0, 4],
        [1, 2, False, 4],
        {"a": {"b": {"c": {"items": [1, 2, 4]}}}},
        "text",
        None,
    ],
)
def test_other_inputs_lack_nothing_that_the_loop_should_give(make_step: Make, given: Any) -> None:
    assert not lacks(make_step, given, (2,))


def test_a_loop_in_which_everything_failed_says_nothing(make_step: Make) -> None:
    assert not lacks(make_step, [], (0, 1, 2, 3))
    assert not lacks(make_step, [1, 2, 4], ())


def test_a_failed_step_outside_of_loops_says_nothing(make_step: Make) -> None:
    payload = StepPayload({"in": {"type": "json", "data": []}})
    step = make_step("a", error="no")
    assert not lacks_items(payload, [step], [step])
