"""Group steps that did not run, so that a skipped tail is one row."""

from collections.abc import Collection, Hashable, Sequence
from itertools import groupby

from retab_mcp.analysis.loops.collapse import StepOrLoop
from retab_mcp.models import Status

# Fewer rows are about as short as one that counts them, and say more.
MIN_IDLE_STEPS = 3

_IDLE = frozenset({Status.SKIPPED, Status.CANCELLED, Status.PENDING, Status.QUEUED})


def group_idle_steps(
    rows: Sequence[StepOrLoop], listed: Collection[str] = ()
) -> list[tuple[StepOrLoop, ...]]:
    """Return `rows` in order, each alone but for consecutive steps that did not run alike.

    Steps of the same iteration are grouped, MIN_IDLE_STEPS or more of them, where they have the
    same status and reason and nothing else to show. Those with a status in `listed` (in lower
    case) stay alone.
    """
    groups: list[tuple[StepOrLoop, ...]] = []
    for key, members in groupby(rows, lambda row: _key(row, listed)):
        same = tuple(members)
        if key is not None and len(same) >= MIN_IDLE_STEPS:
            groups.append(same)
        else:
            groups += [(row,) for row in same]
    return groups


def _key(row: StepOrLoop, listed: Collection[str]) -> Hashable:
    """Return what a step that did not run shares with its group, None for other rows."""
    if row.status not in _IDLE or row.status in listed or row.loop is not None:
        return None
    if row.started_at or row.duration_ms is not None or row.message or row.artifact or row.retries:
        return None
    return row.status, row.reason, row.iteration
