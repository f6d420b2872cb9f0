"""Read what shows whether a run can be restarted."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from retab_mcp.analysis.cause.choice.candidates import failed_on_their_own
from retab_mcp.analysis.cause.restarts.effects import calls_to_read
from retab_mcp.analysis.cause.restarts.restart import (
    MAY_REPEAT,
    USELESS,
    Restart,
    restart_of_run,
    restart_of_stuck_run,
)
from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.models import Artifact, Graph, Run, StepSummary
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.run_artifacts import keep_listed
from retab_mcp.queries.run_facts import Explanation, StepsRead
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize import record_in_output


async def find_restart(
    inspector: Inspector, known: Explanation, record: Artifact | None, graph: Graph | None
) -> Restart | None:
    """Return whether to restart a run whose cause is known; `record` is that of the cause's step.

    Takes one request if other steps called an API and have artifacts that were not read.
    """
    run, cause, steps = known.run, known.cause, known.read.steps
    if cause is None:
        return None
    known_records = {} if record is None or cause.step is None else {cause.step.step_id: record}
    records = await _records_of_calls(inspector, run, steps, known_records)
    return restart_of_run(
        run,
        steps,
        cause,
        records,
        graph,
        complete=known.read.complete,
        now=inspector.now(),
    )


async def restart_of_stuck(inspector: Inspector, known: Explanation) -> Restart:
    """Return whether to start a run again that makes no progress.

    Takes one request if steps called an API and have artifacts that were not read.
    """
    steps = known.read.steps
    records = await _records_of_calls(inspector, known.run, steps, {})
    return restart_of_stuck_run(steps, records, complete=known.read.complete)


async def _records_of_calls(
    inspector: Inspector, run: Run, steps: Sequence[StepSummary], known: Mapping[str, Artifact]
) -> dict[str, Artifact]:
    """Return the artifacts of the steps that called an API by step id, with those `known`."""
    records = dict(known)
    calls = [step for step in calls_to_read(steps) if step.step_id not in records]
    wanted = {step.artifact.id for step in calls if step.artifact is not None}
    if any(inspector.kept.artifact(artifact_id) is None for artifact_id in wanted):
        await keep_listed(inspector, run, wanted)
    for step in calls:
        kept = inspector.kept.step(run.id, step.step_id, step.started_at)
        found = inspector.kept.artifact(step.artifact.id) if step.artifact is not None else None
        found = found or (record_in_output(kept) if kept is not None else None)
        if found is not None:
            records[step.step_id] = found
    return records


async def restart_of_failed_step(
    inspector: Inspector,
    run: Run,
    cause: RootCause,
    record: Artifact | None,
    read: StepsRead,
    graph: Graph | None,
) -> Restart | None:
    """Return whether to restart the run of a failed step, which is that of get_run for its cause.

    `read` are the steps of the run. Of several failed steps, each has only a verdict that holds
    whichever of them is the cause.
    """
    if run.steps is not None and calls_to_read(read.steps):
        # Steps that a run embeds (g1, g2a) do not show their calls.
        with suppress(RetabError):
            await inspector.steps(run, keep=lambda step: True)
    found = await find_restart(inspector, Explanation(run, read, cause), record, graph)
    is_alone = len(failed_on_their_own(read.steps)) == 1
    if found is None or is_alone or found.verdict in (USELESS, MAY_REPEAT):
        return found
    return None
