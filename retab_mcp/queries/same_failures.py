"""Read which other runs of a workflow failed like one, in at most two pages of failed steps."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import anyio

from retab_mcp.analysis.failures.same_failure import SameFailures, same_failures, unclear
from retab_mcp.models import Run, StepSummary
from retab_mcp.queries.inspector import Inspector
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.generations.registry import generation_of

# The explanation is complete by then, so that a slow server must not delay it much.
READ_SECONDS = 8.0

_ALWAYS, _NEVER = datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)


async def read_same_failures(
    inspector: Inspector, run: Run, cause: StepSummary | None, others: Sequence[Run]
) -> SameFailures:
    """Return which of `others` failed like `run`, whose root cause is the step `cause`.

    Steps are read only if the runs' own words do not decide, and if the server lists the steps of
    a workflow.
    """
    doubtful = unclear(run, cause, others)
    read: dict[str, list[StepSummary]] = {}
    if cause is not None and doubtful and _can_read(run, cause):
        with anyio.move_on_after(READ_SECONDS):
            await _read(inspector, run.workflow_id or "", cause, doubtful, read)
    return same_failures(run, others, cause, read)


def _can_read(run: Run, cause: StepSummary) -> bool:
    # A step id that is a block id belongs to many steps, so it cannot serve as a cursor.
    is_cursor = cause.started_at is not None and cause.step_id != cause.block_id
    return is_cursor and generation_of(run).steps_by_workflow


async def _read(
    inspector: Inspector,
    workflow_id: str,
    cause: StepSummary,
    doubtful: Iterable[Run],
    read: dict[str, list[StepSummary]],
) -> None:
    """Add the failed steps of the block to `read`, by the run; runs that were not read are missing.

    The pages before and after `cause` are read if runs ended before and after it.
    """
    start = cause.started_at
    assert start is not None
    first, last = start, start
    found: dict[str, list[StepSummary]] = defaultdict(list)
    timed = [(run, run.created_at or _NEVER, run.completed_at or _ALWAYS) for run in doubtful]
    for is_later in (False, True):
        if not any((ended > start) is is_later for _, _, ended in timed):
            continue
        try:
            page = await inspector.api.failing_steps_near(workflow_id, cause, later=is_later)
        except RetabError:
            # The runs' own words say something too.
            break
        reached = [at for step in page.steps if (at := step.summary.started_at) is not None]
        aside = [at for at in reached if at != start and (at > start) is not is_later]
        if aside or len(reached) < len(page.steps):
            break  # Steps on the other side, or without a start: the server ignored the cursor.
        for step in page.steps:
            found[step.summary.run_id].append(step.summary)
        if is_later:
            last = max(reached, default=start) if page.more else _ALWAYS
        else:
            first = min(reached, default=start) if page.more else _NEVER
        for run, created, ended in timed:
            if first < created and (ended <= last or last == _ALWAYS):
                read[run.id] = found[run.id]
