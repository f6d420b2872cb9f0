"""Compare a failed run with the good run of its history, as far as one list of steps shows it."""

from collections.abc import Iterable
from dataclasses import replace

from retab_mcp.analysis.cause.restarts.restart import restart_after_other_output
from retab_mcp.analysis.compare.good_run import OtherOutput, other_output
from retab_mcp.analysis.compare.step_pairs import StepPairs
from retab_mcp.analysis.history import RunHistory
from retab_mcp.models import FailureKind, Run, Status, Step
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.run_comparison import file_ids
from retab_mcp.queries.run_facts import Explanation
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize.handles import open_together
from retab_mcp.retab.off_loop import off_loop

# Steps and bytes of payloads of each run that are compared; compare_runs compares all.
MAX_STEPS = 200
MAX_BYTES = 2_000_000
# Failures that depend on what the steps before the failed one gave it.
_OF_INPUTS = frozenset(
    {
        *(FailureKind.CALLED_API_REFUSED, FailureKind.SCHEMA_VIOLATION, FailureKind.MISSING_INPUT),
        *(FailureKind.FUNCTION_EXCEPTION, FailureKind.ROUTING, FailureKind.UNKNOWN),
    }
)


async def with_good_run(
    inspector: Inspector, found: Explanation, history: RunHistory, others: Iterable[Run]
) -> Explanation:
    """Return the explanation with the step that gave another value than in the good run.

    `others` are the runs of the history. Only a run with the same inputs and version is compared,
    in one list of its steps; what cannot be read is left out, since compare_runs says it.
    """
    good = history.good
    root = found.cause.step if found.cause is not None else None
    if found.cause is None or root is None or root.status != Status.ERROR:
        return found
    if good is None or not good.same_inputs or good.version_changed:
        return found
    is_small = found.read.complete and len(found.read.steps) <= MAX_STEPS
    if found.cause.kind not in _OF_INPUTS or not is_small:
        return found
    other = next((run for run in others if run.id == good.run_id), None)
    kept = _kept_steps(inspector, found)
    if other is None or not kept:
        return found
    try:
        theirs = await _steps_of(inspector, other)
        seen = await off_loop(_size(kept) + _size(theirs), lambda: _compare(found, kept, theirs))
    except RetabError:
        return found
    return _with(found, seen) if seen is not None else found


def _with(found: Explanation, seen: OtherOutput) -> Explanation:
    restart, cause = found.restart, found.cause
    if restart is not None:
        restart = restart_after_other_output(restart, seen.step, is_by_code=seen.is_by_code)
    if cause is not None and restart is not None and restart.suggestion is not None:
        cause = replace(cause, suggestion=restart.suggestion)
    findings = (seen.finding(), *found.findings)
    return replace(found, cause=cause, restart=restart, findings=findings)


def _kept_steps(inspector: Inspector, found: Explanation) -> list[Step]:
    """Return the steps of the failed run whose payloads its list returned."""
    run_id = found.run.id
    kept = (inspector.kept.step(run_id, each.step_id, each.started_at) for each in found.read.steps)
    steps = [step for step in kept if step is not None]
    return steps if _size(steps) <= MAX_BYTES else []


async def _steps_of(inspector: Inspector, run: Run) -> list[Step]:
    """Return the steps of a good run from its first page, none if they are too many or too large.

    Raises RetabError.
    """
    async for page in inspector.api.step_pages(run):
        is_whole = not page.has_more and len(page.steps) <= MAX_STEPS
        return list(page.steps) if is_whole and _size(page.steps) <= MAX_BYTES else []
    return []


def _size(steps: Iterable[Step]) -> int:
    return sum(step.payload.sealed_bytes for step in steps)


def _compare(found: Explanation, mine: list[Step], theirs: list[Step]) -> OtherOutput | None:
    """Return the step that gave another value in the good run. Raises RetabError."""
    root = found.cause.step if found.cause is not None else None
    if root is None:
        return None
    open_together([*mine, *theirs])
    # The good run has the same inputs, so the same files.
    pairs = StepPairs(file_ids(found.run), lambda step: step.payload.open())
    for side, steps in enumerate((mine, theirs)):
        for step in steps:
            pairs.add(side, step)
    return other_output(pairs.pairs(), root)
