"""A maker of steps for tests of the analysis."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from retab_mcp.models import Failure, LoopPosition, Status, StepSummary

BEGIN = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)

StepMaker = Callable[..., StepSummary]


@pytest.fixture
def make_step() -> StepMaker:
    """Make a step: `at` and `seconds` are when it started and how long it took.

    `at` None means that it never started; `error` is its message and makes it fail; `loops` are
    (container id, iteration) pairs, outermost first.
    """

    def make(
        block_id: str,
        at: float | None = 0,
        seconds: float = 1,
        *,
        error: str | None = None,
        stage: str | None = None,
        loops: tuple[tuple[str, int], ...] = (),
        **fields: Any,
    ) -> StepSummary:
        place = "".join(f"{container}_{number}_" for container, number in loops)
        started = None if at is None else BEGIN + timedelta(seconds=at)
        failed = error is not None
        defaults: dict[str, Any] = {
            "step_id": f"step_{place}{block_id}",
            "type": "function",
            "status": Status.ERROR if failed else "completed",
            "started_at": started,
            "completed_at": None if started is None else started + timedelta(seconds=seconds),
            "failure": Failure(message=error or "", stage=stage) if failed else None,
            "loops": tuple(
                LoopPosition(container_id=container, iteration=number)
                for container, number in loops
            ),
        }
        return StepSummary(run_id="run_1", block_id=block_id, **(defaults | fields))

    return make
