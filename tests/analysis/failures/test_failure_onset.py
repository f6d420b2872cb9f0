"""When failures began and stopped, against all runs of their workflow."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from retab_mcp.analysis.failures.failure_onset import (
    Onset,
    RunMark,
    days_of,
    mark_of,
    onset_of,
    traits_in_common,
)
from retab_mcp.models import Run

BEGIN = datetime(2026, 3, 1, 22, tzinfo=UTC)


def marks(pattern: str, versions: str = "", workflow_id: str = "wrk_a") -> list[RunMark]:
    """Return hourly runs: `x` fails, `.` does not; `versions` has a letter for each."""
    return [
        RunMark(
            run_id=f"{workflow_id}_{place}",
            at=BEGIN + timedelta(hours=place),
            workflow_id=workflow_id,
            version_id=f"ver_{versions[place]}" if versions else None,
            failed=sign == "x",
        )
        for place, sign in enumerate(pattern)
    ]


def onset(pattern: str, versions: str = "") -> Onset:
    made = marks(pattern, versions)
    failing = {mark.run_id for mark in made if mark.failed}
    found = onset_of([*made, *marks("....", workflow_id="wrk_b")], "wrk_a", failing)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("pattern", "runs_before", "runs_after", "rate"),
    [
        ("........xxxx", 8, 0, 1.0),
        ("xxxx........", 0, 8, 1.0),
        ("......xx.x..........", 6, 10, 0.75),
        # Spread as before, too few runs around it, or a single failure.
        ("..x..x..x..x", 0, 0, 0.4),
        ("..x...x.", 0, 0, 0.3333),
        (".xx.", 0, 0, 0.6667),
        (".......x....", 0, 0, 0.2),
    ],
)
def test_began_and_stopped(pattern: str, runs_before: int, runs_after: int, rate: float) -> None:
    found = onset(pattern)
    assert (found.runs_before, found.runs_after) == (runs_before, runs_after)
    assert round(found.rate_since, 4) == rate
    assert found.workflow_runs == len(pattern)


def test_the_times_are_those_of_the_first_and_last_failing_run() -> None:
    found = onset("......xxxx......")
    assert found.began_at == BEGIN + timedelta(hours=6)
    assert found.stopped_at == BEGIN + timedelta(hours=9)


def test_the_versions_before_and_at_the_first_failure_with_their_rates() -> None:
    found = onset("......xx.x", "aaaaaabbbb")
    assert found.before is not None
    assert found.after is not None
    assert (found.before.version_id, found.before.runs, found.before.failed) == ("ver_a", 6, 0)
    assert (found.after.version_id, found.after.runs, found.after.failed) == ("ver_b", 4, 3)


def test_a_version_may_pass_once_before_it_fails_but_not_often() -> None:
    once, often = onset("......xxxx", "aaaaabbbbb"), onset("......xxxx", "aabbbbbbbb")
    assert once.before is not None
    assert once.before.version_id == "ver_a"
    assert (often.before, often.after) == (None, None)


def test_runs_that_are_not_in_the_window_have_no_onset() -> None:
    assert onset_of(marks("...."), "wrk_a", {"run_else"}) is None


def test_days_are_those_of_the_zone() -> None:
    made = marks(".x..")
    utc = [(each.day.day, each.runs, each.failed) for each in days_of(made, UTC)]
    paris = [
        (each.day.day, each.runs, each.failed) for each in days_of(made, ZoneInfo("Europe/Paris"))
    ]
    assert utc == [(1, 2, 1), (2, 2, 0)]
    assert paris == [(1, 1, 0), (2, 3, 1)]


def test_counting_keeps_what_it_needs_of_a_run() -> None:
    run = Run(
        id="run_1",
        generation="g3",
        status="error",
        workflow_id="wrk_a",
        workflow_version_id="ver_1",
        created_at=BEGIN,
        metadata={"carrier": "north"},
    )
    traits = {"/metadata/carrier": '"north"'}
    assert mark_of(run) == RunMark("run_1", BEGIN, "wrk_a", "ver_1", True, False, traits)
    done = run.model_copy(update={"status": "completed"})
    assert mark_of(done) == RunMark("run_1", BEGIN, "wrk_a", "ver_1", False, True, traits)
    other = mark_of(done, failing=("completed",))
    assert other is not None
    assert other.failed
    assert mark_of(run.model_copy(update={"created_at": None})) is None


def test_what_failing_runs_of_a_workflow_have_in_common() -> None:
    def mark(number: int, carrier: str, failed: bool, workflow: str = "wrk_a") -> RunMark:
        at = BEGIN + timedelta(minutes=number)
        traits = {"/metadata/carrier": f'"{carrier}"'}
        return RunMark(f"r{number}", at, workflow, None, failed, not failed, traits)

    marks = [
        *(mark(number, "north", True) for number in range(6)),
        *(mark(number, "south", False) for number in range(10, 40)),
        *(mark(number, "north", False, "wrk_b") for number in range(50, 80)),
    ]
    (trait,) = traits_in_common(marks, "wrk_a", {f"r{number}" for number in range(6)}, UTC)
    assert (trait.path, trait.value, trait.runs, trait.failed) == (
        *("/metadata/carrier", "north", 6, 6),
    )
