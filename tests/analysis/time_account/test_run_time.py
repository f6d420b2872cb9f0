"""The account of a run's time, also where its sources disagree."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from retab_mcp.analysis.time_account.run_time import RunTime, run_time
from retab_mcp.models import Artifact, Review, Run, StepSummary
from tests.analysis.conftest import BEGIN

Make = Callable[..., StepSummary]


def at(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


def _run(seconds: float | None = 100, status: str = "completed", **fields: Any) -> Run:
    times = {"created_at": at(0), "started_at": at(0)}
    end = None if seconds is None else at(seconds)
    return Run(
        id="run_1", generation="g3", status=status, **{"completed_at": end, **times, **fields}
    )


def _review(begun: float, ended: float | None, **fields: Any) -> Review:
    named = {"block_id": "a", "step_id": "step_a", **fields}
    decided = None if ended is None else at(ended)
    verdict = None if ended is None else "approved"
    return Review(
        id="rev_1",
        run_id="run_1",
        created_at=at(begun),
        decided_at=decided,
        verdict=verdict,
        **named,
    )


def _time(run: Run, steps: list[StepSummary], *reviews: Review, now: float = 500) -> RunTime:
    found = run_time(run, steps, reviews, {}, at(now))
    assert found is not None
    return found


def test_a_run_without_waits_is_not_notable(make_step: Make) -> None:
    found = _time(_run(2), [make_step("a", 0, 1), make_step("b", 1, 1)])
    assert (found.active_ms, found.between_ms, found.is_notable) == (2000, 0, False)


def test_the_runs_count_is_taken_from_unexplained_time(make_step: Make) -> None:
    steps = [make_step("a", 0, 5), make_step("b", 95, 5)]
    found = _time(_run(review_waiting_ms=80_000), steps)
    assert (found.active_ms, found.review_ms, found.between_ms) == (10_000, 80_000, 10_000)
    assert found.differing == ()


def test_counts_of_the_same_wait_that_differ_are_said(make_step: Make) -> None:
    steps = [make_step("a", 0, 100)]
    found = _time(_run(review_waiting_ms=20_000), steps, _review(10, 90))
    assert found.review_ms == 80_000
    assert found.differing == (
        "the run counts 20 s of waiting for reviews, the reviews themselves 1 min 20 s",
    )
    same = _time(_run(review_waiting_ms=80_000), steps, _review(10, 90))
    assert same.differing == ()


def test_a_duration_that_leaves_waiting_out_is_explained(make_step: Make) -> None:
    steps = [make_step("a", 0, 100)]
    found = _time(_run(duration_ms=20_000), steps, _review(10, 90))
    assert found.differing == ("duration_ms leaves out 1 min 20 s of waiting for reviews",)
    found = _time(_run(duration_ms=400_000), steps)
    assert found.differing == ("duration_ms is as sent; from start to end it is 1 min 40 s",)


@pytest.mark.parametrize("status", ["running", "awaiting_review"])
def test_no_time_is_counted_up_to_now_in_a_run_that_ended(status: str, make_step: Make) -> None:
    step = make_step("a", 0, status=status, completed_at=None)
    assert run_time(_run(), [step], (), {}, at(900)) is None
    assert run_time(_run(None, "running"), [step], (), {}, at(900)) is not None


def test_a_review_of_another_iteration_is_not_the_steps(make_step: Make) -> None:
    steps = [make_step("a", 0, 100, loops=(("each", 0),))]
    other = _review(10, 90, step_id="step_each_1_a")
    assert _time(_run(), steps, other).review_ms == 0
    own = _review(10, 90, step_id=steps[0].step_id)
    assert _time(_run(), steps, own).review_ms == 80_000


def test_a_pending_review_lasts_until_now(make_step: Make) -> None:
    steps = [make_step("a", 0, status="awaiting_review", completed_at=None)]
    found = _time(_run(None, "awaiting_review"), steps, _review(10, None), now=110)
    assert (found.active_ms, found.review_ms) == (10_000, 100_000)


def test_a_review_block_of_older_servers_waits_all_its_time(make_step: Make) -> None:
    steps = [make_step("a", 0, 10), make_step("approve", 10, 90, type="hil")]
    found = _time(_run(), steps)
    assert (found.active_ms, found.review_ms) == (10_000, 90_000)


def test_a_loop_is_counted_by_its_steps(make_step: Make) -> None:
    steps = [
        make_step("each", 0, 100, type="for_each"),
        make_step("a", 0, 10, loops=(("each", 0),)),
        make_step("a", 60, 10, loops=(("each", 1),)),
    ]
    found = _time(_run(70), steps)
    assert (found.active_ms, found.between_ms) == (20_000, 50_000)
    assert found.longest_gap is not None
    assert found.longest_gap.ms == 50_000


def test_steps_without_times_leave_no_gaps(make_step: Make) -> None:
    found = _time(_run(), [make_step("a", None)])
    assert (found.active_ms, found.between_ms) == (100_000, 0)


def test_a_run_that_never_started_was_queued_until_now() -> None:
    found = _time(_run(None, "queued", started_at=None), [], now=60)
    assert (found.queued_ms, found.active_ms) == (60_000, 0)
    assert (
        run_time(_run(None, "queued", started_at=None, created_at=None), [], (), {}, at(1)) is None
    )


def test_attempts_of_a_call_leave_a_backoff_between_them(make_step: Make) -> None:
    step = make_step("book", 0, 100)
    attempts: list[dict[str, Any]] = [
        {"started_at": "2026-03-12T09:00:00Z", "completed_at": "2026-03-12T09:00:10Z"},
        {"started_at": "2026-03-12T09:00:40", "duration_ms": 20_000},
        {"started_at": "2026-03-12T09:01:00Z"},
    ]
    call = Artifact(id="a", operation="api_call_invocation", data={"attempts": attempts})

    def account(artifact: Artifact) -> tuple[int, int]:
        found = run_time(_run(), [step], (), {step.step_id: artifact}, at(500))
        assert found is not None
        return found.active_ms, found.backoff_ms

    assert account(call) == (70_000, 30_000)
    durations = [{"duration_ms": 10_000}, {"duration_ms": 20_000}]
    untimed = call.model_copy(update={"data": {"attempts": durations}})
    assert account(untimed) == (30_000, 70_000)
    for data in (
        {"attempts": [{"duration_ms": 50_000}, {"duration_ms": 49_500}]},
        {"attempts": [{"duration_ms": 10_000}, {}]},
        {"attempts": attempts[:1]},
        {"attempts": [{"started_at": "soon", "duration_ms": 99_999}, {"duration_ms": 1}]},
    ):
        assert account(call.model_copy(update={"data": data})) == (100_000, 0)
    other = call.model_copy(update={"operation": "extraction"})
    assert account(other) == (100_000, 0)


@pytest.mark.parametrize(
    ("given", "notable"),
    [
        ({"created_at": at(-10)}, True),
        ({"created_at": at(-9.9)}, False),
        ({"duration_ms": 90_000}, True),
        ({"duration_ms": 96_000}, False),
    ],
)
def test_a_long_queue_or_a_difference_is_notable(
    given: dict[str, Any], notable: bool, make_step: Make
) -> None:
    assert _time(_run(**given), [make_step("a", 0, 100)]).is_notable is notable


@pytest.mark.parametrize(
    ("ends", "notable"),
    [
        # One gap of a tenth of the time, and 10 s.
        ([(0, 45), (55, 100)], True),
        ([(0, 45.1), (55, 100)], False),
        ([(0, 30), (40, 300)], False),
        # Many small gaps that are most of the time.
        ([(n * 10, n * 10 + 3) for n in range(10)], True),
        ([(n * 10, n * 10 + 7) for n in range(10)], False),
        # Before the first and after the last step.
        ([(30, 90)], False),
    ],
)
def test_gaps_are_notable_by_their_length_and_share(
    ends: list[tuple[float, float]], notable: bool, make_step: Make
) -> None:
    steps = [make_step(f"s{n}", start, end - start) for n, (start, end) in enumerate(ends)]
    assert _time(_run(max(end for _, end in ends)), steps).is_notable is notable


def test_the_longest_gap_names_the_steps_around_it(make_step: Make) -> None:
    steps = [
        make_step("a", 0, 5),
        make_step("b", 2, 8),
        make_step("c", 40, 5),
        make_step("d", 50, 50),
    ]
    gap = _time(_run(), steps).longest_gap
    assert gap is not None
    assert gap.after is not None
    assert gap.before is not None
    assert (gap.ms, gap.after.block_id, gap.before.block_id) == (30_000, "b", "c")


def test_a_run_without_an_end_lasts_as_long_as_it_says(make_step: Make) -> None:
    found = run_time(_run(None, "completed", duration_ms=30_000), [make_step("a", 0, 10)])
    assert found is not None
    assert (found.active_ms, found.between_ms) == (10_000, 20_000)
    assert run_time(_run(None, "completed"), [make_step("a", 0, 10)]) is None


def test_a_step_without_an_end_lasts_as_long_as_it_says(make_step: Make) -> None:
    step = make_step("a", 0, completed_at=None, duration_ms=4_000)
    assert _time(_run(), [step]).active_ms == 4_000
    assert _time(_run(), [make_step("a", 0, completed_at=None), step]).active_ms == 4_000


@pytest.mark.parametrize(("waited", "notable"), [(10, True), (9.9, False)])
def test_a_wait_for_a_review_is_notable_from_ten_seconds_on(
    make_step: Make, waited: float, notable: bool
) -> None:
    steps = [make_step("a", 0, 100)]
    assert _time(_run(), steps, _review(10, 10 + waited)).is_notable is notable
