"""Read how long the completed runs of a workflow usually take, in one request."""

from dataclasses import dataclass
from statistics import median

from retab_mcp.models import Run, Status
from retab_mcp.queries.inspector import Inspector
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.run_list import RunFilter

# Runs in the page; older servers send every run with all its steps.
MAX_RUNS = 20
# A median of fewer runs says little.
MIN_RUNS = 3
# A run is slow from this many times the usual duration on.
SLOWER = 1.5


@dataclass(frozen=True, slots=True)
class UsualDuration:
    """The median duration of `runs` other completed runs, without the reviews they waited for.

    `later` of them were created after the run in question.
    """

    ms: int
    runs: int
    later: int = 0

    def is_exceeded_by(self, ms: int) -> bool:
        """Return whether a run of `ms` milliseconds was much longer than usual."""
        return ms >= SLOWER * self.ms


async def usual_duration(inspector: Inspector, run: Run) -> UsualDuration | None:
    """Return the usual duration of the workflow's completed runs, None if it is not known."""
    if not run.workflow_id or inspector.api.limits.left < 1:
        return None
    wanted = RunFilter(workflow_id=run.workflow_id, status=Status.COMPLETED)
    try:
        page = await inspector.api.list_runs(wanted, limit=MAX_RUNS)
    except RetabError:
        return None
    others = [
        each
        for each in page.runs
        if each.id != run.id
        and each.workflow_id == run.workflow_id
        and each.status == Status.COMPLETED
        and each.elapsed_ms is not None
    ]
    if len(others) < MIN_RUNS:
        return None
    took = median((each.elapsed_ms or 0) - (each.review_waiting_ms or 0) for each in others)
    later = sum(
        run.created_at is not None
        and each.created_at is not None
        and each.created_at > run.created_at
        for each in others
    )
    return UsualDuration(max(0, round(took)), len(others), later)
