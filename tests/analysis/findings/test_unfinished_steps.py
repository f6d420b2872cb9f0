"""Steps that never started or ended in a run that ended."""

from collections.abc import Callable

from retab_mcp.analysis.findings.unfinished_steps import find_unfinished_steps
from retab_mcp.models import Run, StepSummary

Make = Callable[..., StepSummary]


def unfinished(steps: list[StepSummary], status: str = "completed") -> list[tuple[str | None, str]]:
    run = Run(id="run_1", generation="g3", status=status)
    return [(one.block_id, one.message) for one in find_unfinished_steps(run, steps)]


def test_steps_that_never_ended_or_started_are_named(make_step: Make) -> None:
    steps = [
        make_step("late", 5, status="running"),
        make_step("early", 1, status="awaiting_review"),
        *(make_step(f"p{n}", None, status="pending") for n in range(5)),
    ]
    assert unfinished(steps) == [
        (
            "early",
            "the run has status completed, but 2 steps never ended (awaiting_review): early, late",
        ),
        (
            "p0",
            "the run has status completed, but 5 steps never started (pending): p0, p1, p2 and 2 more",
        ),
    ]


def test_one_step_is_worded_in_the_singular_and_the_loop_around_it_is_left_out(
    make_step: Make,
) -> None:
    steps = [
        make_step("each", 0, type="for_each", status="running"),
        make_step("work", 1, loops=(("each", 0),), status="running"),
    ]
    assert unfinished(steps, "error") == [
        ("work", "the run has status error, but 1 step never ended (running): work")
    ]


def test_steps_that_never_started_are_ordinary_after_a_failure(make_step: Make) -> None:
    queued = make_step("a", None, status="queued")
    assert unfinished([queued], "error") == []
    assert unfinished([queued], "cancelled") == []
    assert unfinished([queued], "running") == []
    assert unfinished([make_step("a", status="running")], "running") == []
    assert unfinished([make_step("a")]) == []
