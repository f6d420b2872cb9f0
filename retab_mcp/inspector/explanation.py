"""Why a run is as it is, within a fixed number of requests."""

from dataclasses import dataclass, field

from retab_mcp.insight.cause import Cause, find_cause, with_artifact
from retab_mcp.inspector.errors import QuestionError
from retab_mcp.inspector.inspector import Inspector, StepsRead
from retab_mcp.models import Artifact, Run, Step
from retab_mcp.retab.errors import RetabError


@dataclass(frozen=True)
class Explanation:
    """What is known of a run after the first look at it.

    `step` is the one at the root, with its payload, `artifact` the record that it produced.
    `gaps` says in words what could not be read and might have told more.
    """

    run: Run
    read: StepsRead
    cause: Cause | None = None
    step: Step | None = None
    artifact: Artifact | None = None
    gaps: list[str] = field(default_factory=list)


async def explain(inspector: Inspector, run: Run) -> Explanation:
    """Return what became of `run` and why.

    Asks, in this order: the steps, the payload of the step at the root, its artifact. What fails
    after the steps were read becomes a gap, not an error: the cause as far as it is known is
    worth more than none.
    """
    read = await inspector.steps(run, embedded=True)
    cause = find_cause(run, read.steps)
    if cause is None or cause.step is None:
        return Explanation(run, read, cause)
    gaps: list[str] = []
    step, artifact = None, None
    try:
        step = await inspector.payload(run, cause.step)
    except (RetabError, QuestionError) as error:
        gaps.append(f"the step itself: {error.message}")
    ref = cause.step.artifact or (step.summary.artifact if step else None)
    if ref is not None:
        try:
            artifact = await inspector.artifact(ref.id, ref.operation or "", run.generation)
        except (RetabError, QuestionError) as error:
            gaps.append(f"what the step produced: {error.message}")
    if artifact is not None:
        cause = with_artifact(cause, artifact)
    return Explanation(run, read, cause, step, artifact, gaps)
