"""A run is called stuck after far more time without progress than its workflow takes."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from retab_mcp.analysis.findings.stuck import Usual, find_stuck
from retab_mcp.models import Run, StepSummary

Make = Callable[..., StepSummary]
START = datetime(2026, 9, 1, tzinfo=UTC)


def _said(
    steps: Sequence[StepSummary], after: timedelta, usual: Usual | None = None, **fields: Any
) -> str:
    run = Run(**{"id": "r", "generation": "g3", "status": "running", "created_at": START} | fields)
    return " ".join(one.message for one in find_stuck(run, steps, START + after, usual))


def _ran(make_step: Make, name: str, hours: float = 0, **fields: Any) -> StepSummary:
    start = START + timedelta(hours=hours)
    return make_step(name, started_at=start, completed_at=start, **fields)


def test_running_step_holds_the_run(make_step: Make) -> None:
    held = make_step("dry", status="running", started_at=START, completed_at=None, retry_count=1)
    steps = [_ran(make_step, "load"), held, make_step("send", status="pending", started_at=None)]
    said = _said(steps, timedelta(days=3))
    assert said == "no progress for 3 days: dry started and has not ended, in attempt 2"


def test_queued_step_holds_the_run(make_step: Make) -> None:
    waits = make_step("dry", status="queued", started_at=None, completed_at=None)
    said = _said([_ran(make_step, "load"), waits], timedelta(days=20), Usual(4_000, 7))
    assert said == (
        "no progress for 20 days: dry is queued and no step is running; completed runs of this"
        " workflow usually take 4 s, and 7 later ones have completed"
    )


@pytest.mark.parametrize("status", ["pending", "queued", "running"])
def test_run_that_never_started(status: str, make_step: Make) -> None:
    steps = [make_step("load", status="pending", started_at=None, completed_at=None)]
    assert "no step has started" in _said(steps, timedelta(days=2), status=status)
    assert "no step has started" in _said([], timedelta(days=2), status=status)


def test_run_that_never_ended(make_step: Make) -> None:
    said = _said([_ran(make_step, "load")], timedelta(hours=2), Usual(60_000, 0))
    assert said.startswith("no progress for 2 h: all steps have ended, but the run has not")


def test_ordinary_runs_are_not_stuck(make_step: Make) -> None:
    held = make_step("dry", status="running", started_at=START, completed_at=None)
    # Progress is recent, the workflow is slow, a person decides, or nothing shows what is usual.
    assert not _said([_ran(make_step, "load", hours=71.5), held], timedelta(days=3))
    assert not _said([held], timedelta(hours=5), Usual(3_600_000, 0))
    assert not _said([held], timedelta(minutes=50), Usual(1_000, 0))
    assert not _said([held], timedelta(hours=23))
    waits = make_step("check", status="awaiting_review", started_at=START, completed_at=None)
    assert not _said([held, waits], timedelta(days=3))
    assert not _said([held], timedelta(days=3), review_waiting_since=START)
    assert not _said([held], timedelta(days=3), status="completed")


def test_repeated_calls_are_named(make_step: Make) -> None:
    held = make_step("dry", status="running", started_at=START, completed_at=None)
    run = Run(id="r", generation="g3", status="running", created_at=START)
    steps = [_ran(make_step, "book", type="api_call"), held]
    found = find_stuck(run, steps, START + timedelta(days=3), None)
    assert found[0].suggestion is not None
    # What a new run repeats is said by the verdict on a restart.
    assert found[0].suggestion == (
        "Cancel the run and start it again; if the new run stops there too, send both ids to"
        " Retab's support."
    )
