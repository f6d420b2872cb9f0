"""Recognize a run that has made no progress for far longer than its workflow takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.loops.loop_containers import container_ids
from retab_mcp.digest.spoken_times import spoken_ms
from retab_mcp.models import FindingKind, Run, Status, StepSummary
from retab_mcp.models.base import elapsed_ms
from retab_mcp.models.status import UNFINISHED

# Nothing that Retab runs takes a day without any step starting or ending.
STUCK_MS = 86_400_000
# Where the usual duration is known, this many times as long, and at least an hour, is enough.
STUCK_TIMES = 10
MIN_STUCK_MS = 3_600_000
_SUGGESTION = (
    "Cancel the run and start it again; if the new run stops there too, send both ids to"
    " Retab's support."
)
# From this idle time on, the usual duration is worth asking for.
WORTH_ASKING_MS = MIN_STUCK_MS


@dataclass(frozen=True, slots=True)
class Usual:
    """How long completed runs of the workflow take, and how many later runs have completed."""

    ms: int
    later: int


def idle_ms(run: Run, steps: Sequence[StepSummary], now: datetime) -> int | None:
    """Return how long no step of an unfinished run has started or ended.

    None for other runs, and for one in which a person decides when it continues.
    """
    if run.status not in UNFINISHED or run.review_waiting_since is not None:
        return None
    if any(step.status == Status.AWAITING_REVIEW for step in steps):
        return None
    signs = [run.created_at, run.started_at]
    signs += [time for step in steps for time in (step.started_at, step.completed_at)]
    return elapsed_ms(max((time for time in signs if time is not None), default=None), now)


def find_stuck(
    run: Run, steps: Sequence[StepSummary], now: datetime, usual: Usual | None
) -> list[Finding]:
    """Return a finding if `run` is stuck; `usual` is None where it is not known."""
    idle = idle_ms(run, steps, now)
    limit = max(MIN_STUCK_MS, STUCK_TIMES * usual.ms) if usual is not None else STUCK_MS
    if idle is None or idle < limit:
        return []
    holding, why = _holding(steps)
    message = f"no progress for {spoken_ms(idle)}: {why}"
    if usual is not None:
        message += f"; completed runs of this workflow usually take {spoken_ms(usual.ms)}"
        message += f", and {usual.later} later ones have completed" if usual.later else ""
    found = Finding(FindingKind.STUCK, message, "times", suggestion=_SUGGESTION)
    return [found.about(holding) if holding is not None else found]


def _holding(steps: Sequence[StepSummary]) -> tuple[StepSummary | None, str]:
    """Return the step that holds the run, None if no step does, and what it is waiting for."""
    if all(step.started_at is None for step in steps):
        return None, "no step has started"
    around = container_ids(steps)
    for status in (Status.RUNNING, Status.QUEUED, Status.PENDING):
        open_steps = [step for step in steps if step.status == status]
        inner = [step for step in open_steps if step.block_id not in around] or open_steps
        if not inner:
            continue
        first = min(inner, key=lambda step: (step.started_at is None, step.started_at or 0))
        more = f" (and {len(inner) - 1} more)" if len(inner) > 1 else ""
        if status == Status.RUNNING:
            retried = f", in attempt {first.retry_count + 1}" if first.retry_count else ""
            return first, f"{first.block_id}{more} started and has not ended{retried}"
        return first, f"{first.block_id}{more} is {status} and no step is running"
    return None, "all steps have ended, but the run has not"
