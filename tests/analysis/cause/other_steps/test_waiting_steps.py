"""Steps that wait for a person, and their reviews."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from retab_mcp.analysis.cause.other_steps.waiting_steps import (
    about_the_waiting,
    waiting_step,
    waiting_steps,
)
from retab_mcp.analysis.cause.root_cause import find_cause
from retab_mcp.models import Review, Run, StepSummary
from tests.analysis.conftest import BEGIN

Make = Callable[..., StepSummary]


def at(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


def run_of(**fields: Any) -> Run:
    return Run(id="run_1", generation="g3", status="awaiting_review", **fields)


def review(block: str, created: float | None = 10, **fields: Any) -> Review:
    return Review(
        id=f"rev_{block}",
        run_id="run_1",
        block_id=block,
        step_id=f"step_{block}",
        created_at=None if created is None else at(created),
        **fields,
    )


def waiting(make_step: Make, block: str, started: float = 0, **fields: Any) -> StepSummary:
    return make_step(block, started, status="awaiting_review", completed_at=None, **fields)


def said(run: Run, steps: list[StepSummary], *reviews: Review, now: float) -> tuple[str, Any]:
    cause = find_cause(run, steps)
    assert cause is not None
    found = about_the_waiting(cause, waiting_steps(run, steps, reviews), reviews, at(now))
    return found.message, found.reasons


def test_steps_with_a_pending_review_come_first(make_step: Make) -> None:
    steps = [waiting(make_step, "a", 0), waiting(make_step, "b", 1), waiting(make_step, "c", 2)]
    found = waiting_steps(run_of(), steps, [review("b"), review("c", verdict="approved")])
    assert [each.step.block_id for each in found] == ["b", "a", "c"]
    assert [each.review.id if each.review else None for each in found] == ["rev_b", None, None]
    assert [each.since for each in found] == [at(10), None, None]


def test_a_loop_around_a_waiting_step_is_left_out(make_step: Make) -> None:
    steps = [
        waiting(make_step, "each", type="for_each"),
        waiting(make_step, "check", loops=(("each", 1),)),
    ]
    found = waiting_steps(run_of(), steps, [])
    assert [each.step.block_id for each in found] == ["check"]


def test_steps_that_the_run_names_wait_where_no_step_says_so(make_step: Make) -> None:
    steps = [make_step("a"), make_step("b")]
    run = run_of(waiting_for_block_ids=("b",))
    assert [each.step.block_id for each in waiting_steps(run, steps, [])] == ["b"]
    assert waiting_steps(run_of(), steps, []) == []


def test_the_oldest_pending_review_says_since_when(make_step: Make) -> None:
    step = waiting(make_step, "a")
    decided, first, second = (
        review("a", 5, verdict="rejected"),
        review("a", 20),
        review("a", 30),
    )
    assert waiting_step(run_of(), step, [decided, first, second]).since == at(20)


def test_without_a_review_the_run_says_since_when(make_step: Make) -> None:
    step = waiting(make_step, "a", 3)
    assert waiting_step(run_of(review_waiting_since=at(7)), step, []).since == at(7)
    assert waiting_step(run_of(), step, []).since is None
    older = waiting(make_step, "a", 3, type="hil")
    assert waiting_step(run_of(), older, []).since == at(3)


def test_the_wait_is_said_from_a_minute_on(make_step: Make) -> None:
    steps = [waiting(make_step, "a", label="Check the sum")]
    assert said(run_of(), steps, review("a"), now=70) == (
        "waiting for the review of Check the sum for 1 min",
        ("the run's status is awaiting_review",),
    )
    assert said(run_of(), steps, review("a"), now=69)[0] == (
        "waiting for the review of Check the sum"
    )


def test_a_step_without_a_pending_review_says_what_became_of_it(make_step: Make) -> None:
    steps = [waiting(make_step, "a")]
    assert said(run_of(), steps, now=900) == (
        "waiting for the review of a",
        (
            "the run's status is awaiting_review",
            "no review record was found: who was asked, and why, is not known",
        ),
    )
    decided = review("a", 5, verdict="approved", decided_at=at(60))
    assert said(run_of(), steps, decided, now=900)[1][1] == (
        "no review is pending: rev_a was approved at 2026-03-12T09:01:00Z"
    )
    undated = review("a", 5, verdict="approved")
    assert said(run_of(), steps, decided, undated, now=900)[1][1] == (
        "no review is pending: rev_a was approved"
    )
    other = review("b", 5, verdict="approved")
    assert "no review record was found" in said(run_of(), steps, other, now=900)[1][1]


def test_a_run_in_which_no_step_waits_keeps_its_cause(make_step: Make) -> None:
    cause = find_cause(run_of(), [make_step("a")])
    assert cause is not None
    assert about_the_waiting(cause, [], [], at(0)) is cause
