"""Steps that did not run, grouped where they say the same."""

from collections.abc import Callable
from typing import Any

import pytest

from retab_mcp.analysis.loops.collapse import collapse_loops, select_steps
from retab_mcp.analysis.loops.idle_steps import MIN_IDLE_STEPS, group_idle_steps
from retab_mcp.models import ArtifactRef, StepSummary

Make = Callable[..., StepSummary]


def idle(make: Make, number: int, **fields: Any) -> StepSummary:
    return make(f"b{number}", None, **{"status": "skipped", "reason": "no budget", **fields})


def sizes(steps: list[StepSummary], opened: str = "", listed: tuple[str, ...] = ()) -> list[int]:
    rows = collapse_loops(steps, select_steps(steps, opened), opened)
    groups = group_idle_steps(rows, listed)
    assert [row for group in groups for row in group] == rows
    return [len(group) for group in groups]


@pytest.mark.parametrize("status", ["skipped", "cancelled", "pending", "queued"])
def test_steps_that_did_not_run_are_grouped_from_three_on(make_step: Make, status: str) -> None:
    steps = [idle(make_step, number, status=status) for number in range(MIN_IDLE_STEPS)]
    assert sizes(steps) == [MIN_IDLE_STEPS]
    assert sizes(steps[1:]) == [1] * (MIN_IDLE_STEPS - 1)
    assert sizes(steps, listed=(status,)) == [1] * MIN_IDLE_STEPS
    assert sizes([step.model_copy(update={"reason": None}) for step in steps]) == [MIN_IDLE_STEPS]


@pytest.mark.parametrize(
    "fields",
    [
        {"reason": "branch not taken"},
        {"reason": None},
        {"status": "cancelled"},
        {"status": "held"},
        {"retry_count": 1},
        {"error": "refused", "status": "skipped"},
        {"duration_ms": 20},
        {"artifact": ArtifactRef(operation="extraction", id="extr_1")},
    ],
)
def test_a_step_with_more_to_show_stays_alone(make_step: Make, fields: dict[str, Any]) -> None:
    other = idle(make_step, 3, **fields)
    steps = [idle(make_step, number) for number in range(7)]
    steps[3] = other
    assert sizes(steps) == [3, 1, 3]


def test_a_cancelled_step_that_had_started_stays_alone(make_step: Make) -> None:
    ran = [make_step(f"r{at}", at, status="cancelled", reason="by user") for at in range(3)]
    assert sizes(ran) == [1, 1, 1]


def test_iterations_of_an_opened_loop_are_not_mixed(make_step: Make) -> None:
    steps = [
        idle(make_step, number, loops=(("each", iteration),))
        for iteration in range(2)
        for number in range(4)
    ]
    assert sizes(steps, "each") == [4, 4]
    assert sizes(steps[::4], "each") == [1, 1]


def test_loops_stay_alone(make_step: Make) -> None:
    loops = [
        make_step(f"loop{number}", None, type="for_each", status="skipped") for number in range(3)
    ]
    assert sizes(loops) == [1, 1, 1]


def test_no_rows() -> None:
    assert group_idle_steps([]) == []
