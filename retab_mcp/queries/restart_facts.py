"""Read what shows whether a run can be restarted."""

from retab_mcp.analysis.cause.restarts.effects import calls_to_read
from retab_mcp.analysis.cause.restarts.restart import Restart, restart_of_run
from retab_mcp.models import Artifact, Graph
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.run_artifacts import keep_listed
from retab_mcp.queries.run_facts import Explanation
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
    records = {} if record is None or cause.step is None else {cause.step.step_id: record}
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
    return restart_of_run(
        run,
        steps,
        cause,
        records,
        graph,
        complete=known.read.complete,
        now=inspector.now(),
    )
