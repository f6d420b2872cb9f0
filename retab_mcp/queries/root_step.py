"""Read the root-cause step and the record of what it did."""

from collections.abc import Sequence

from retab_mcp.analysis.cause.restarts.passed_retry import passed_retry, retried_steps
from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.models import Artifact, Graph, Json, Run, Step, StepSummary
from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.optional_reads import Asked
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize import record_in_output


async def read_root_step(inspector: Inspector, run: Run, root: StepSummary) -> Step:
    """Return the root-cause step with its payload. Raises RetabError.

    Where a run embeds its steps (g1, g2a), only the list of steps has the details of an error and
    the typed output, so the step is taken from there.
    """
    kept = inspector.kept.step(run.id, root.step_id, root.started_at)
    if kept is None and run.steps is not None:
        try:
            async for page in inspector.api.step_pages(run):
                inspector.kept.keep_steps(page.steps)
                found = [step for step in page.steps if step.summary.step_id == root.step_id]
                for step in found:
                    if step.summary.started_at == root.started_at:
                        return step
                if found:
                    return found[0]
        except RetabError:
            # The step's own route may still have its inputs.
            pass
    return await inspector.payload(run, root)


async def read_record(
    inspector: Inspector, run: Run, root: StepSummary, step: Step | None, asked: Asked
) -> Artifact | None:
    """Return the artifact of the root-cause step; of older servers, what its output records."""
    ref = root.artifact or (step.summary.artifact if step else None)
    if ref is None:
        return record_in_output(step) if step else None
    reading = inspector.artifact(ref.id, ref.operation or "", run.generation)
    return await asked.unless_failed("the root-cause step's artifact", reading)


def handles_of(step: Step | None) -> dict[str, Json]:
    """Return the input handles of a step, none if they cannot be read."""
    try:
        return step.payload.handle_inputs if step is not None else {}
    except RetabError:
        return {}


async def with_passed_retry(
    inspector: Inspector,
    run: Run,
    cause: RootCause,
    steps: Sequence[StepSummary],
    graph: Graph | None,
) -> RootCause:
    """Return `cause`; if the run reports an attempt that a later one made good, with its step."""
    for step in retried_steps(run, steps):
        if step.artifact is None:
            continue
        try:
            artifact = await inspector.artifact(
                step.artifact.id, step.artifact.operation or "", run.generation
            )
        except (RetabError, QuestionError):
            continue
        inspector.kept.keep_artifact(artifact)
        found = passed_retry(run, cause, step, artifact, steps, graph)
        if found is not None:
            return found
    return cause
