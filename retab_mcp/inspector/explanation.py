"""Why a run is as it is, within a fixed number of requests."""

from collections.abc import Awaitable
from dataclasses import dataclass, field, replace
from typing import TypeVar

import anyio

from retab_mcp.insight.cause import Cause, find_cause, with_artifact
from retab_mcp.insight.findings import Finding, findings, worth_reading
from retab_mcp.insight.inputs import Suspicions, fed_by, suspicious_inputs
from retab_mcp.inspector.errors import QuestionError
from retab_mcp.inspector.inspector import Inspector, StepsRead
from retab_mcp.models import (
    AWAITING_REVIEW,
    COMPLETED,
    ERROR,
    Artifact,
    Graph,
    Json,
    Review,
    Run,
    Step,
    StepSummary,
)
from retab_mcp.retab.errors import RetabError

# A failed run of under 1,000 steps takes at most 6 requests: the run, two pages of steps, the
# graph, the step at the root and its artifact. What stands last is left out first, since the
# cause is known without it.
# A completed one takes at most 12: the run, two pages of steps, the reviews, and these artifacts,
# those first that can say most.
MAX_ARTIFACTS = 8

T = TypeVar("T")


@dataclass(frozen=True)
class Explanation:
    """What is known of a run after the first look at it.

    For a run that failed, waits or was cancelled: `cause`, the `step` at its root with its
    payload, `fed_by` (the step that made each of its input handles) and what looks `suspicious`
    in them. For one that completed or goes on: `findings`. `gaps` says in words what was not
    read and might have told more.
    """

    run: Run
    read: StepsRead
    cause: Cause | None = None
    step: Step | None = None
    fed_by: dict[str, StepSummary] = field(default_factory=dict)
    suspicious: Suspicions | None = None
    reviews: tuple[Review, ...] = ()
    findings: tuple[Finding, ...] = ()
    gaps: tuple[str, ...] = ()


async def explain(inspector: Inspector, run: Run) -> Explanation:
    """Return what became of `run` and why. Raises RetabError when its steps cannot be read.

    What fails after that becomes a gap, not an error: the cause as far as it is known is worth
    more than none.
    """
    if run.status == COMPLETED:
        return await _look_over(inspector, run, await inspector.steps(run))
    read = await inspector.steps(run, embedded=True)
    cause = find_cause(run, read.steps)
    if cause is None:
        return Explanation(run, read, findings=tuple(findings(read.steps)))
    return await _explain_cause(inspector, Explanation(run, read, cause))


async def _explain_cause(inspector: Inspector, known: Explanation) -> Explanation:
    run, steps = known.run, known.read.steps
    asked = _Asked()
    graph = None
    if run.status == ERROR and steps:
        graph = await asked.unless_unsupported("the workflow's graph", inspector.graph(run))
    cause = find_cause(run, steps, graph) or known.cause
    root = cause.step if cause else None
    if cause is None or root is None:
        return replace(known, cause=cause, gaps=tuple(asked.gaps))
    reviews: tuple[Review, ...] = ()
    if run.status == AWAITING_REVIEW:
        reviews = await asked.unless_unsupported("the reviews", inspector.reviews(run)) or ()
    step = await asked.unless_failed("the step itself", inspector.payload(run, root))
    ref = root.artifact or (step.summary.artifact if step else None)
    if ref is not None:
        reading = inspector.artifact(ref.id, ref.operation or "", run.generation)
        artifact = await asked.unless_failed("what the step produced", reading)
        cause = with_artifact(cause, artifact) if artifact else cause
    return replace(
        known,
        cause=cause,
        step=step,
        fed_by=fed_by(root, steps, graph) if graph else {},
        suspicious=suspicious_inputs(step.payload, _schemas(graph, root)) if step else None,
        reviews=tuple(review for review in reviews if review.block_id == root.block_id),
        gaps=tuple(asked.gaps),
    )


async def _look_over(inspector: Inspector, run: Run, read: StepsRead) -> Explanation:
    """Look for what is wrong in a run that completed."""
    asked = _Asked()
    reviews = await asked.unless_unsupported("the reviews", inspector.reviews(run)) or ()
    promising = worth_reading(read.steps)
    chosen = promising[:MAX_ARTIFACTS]
    artifacts: dict[str, Artifact] = {}

    async def look(step: StepSummary) -> None:
        if step.artifact is not None:
            reading = inspector.artifact(
                step.artifact.id, step.artifact.operation or "", run.generation
            )
            artifact = await asked.unless_unsupported(f"what {step.block_id} produced", reading)
            if artifact is not None:
                artifacts[step.step_id] = artifact

    async with anyio.create_task_group() as tasks:
        for step in chosen:
            tasks.start_soon(look, step)
    if len(promising) > len(chosen):
        asked.gaps.append(f"what {len(promising) - len(chosen)} more steps produced")
    looked_at = [(step, artifacts[step.step_id]) for step in chosen if step.step_id in artifacts]
    return Explanation(
        run,
        read,
        reviews=reviews,
        findings=tuple(findings(read.steps, looked_at, reviews)),
        gaps=tuple(asked.gaps),
    )


def _schemas(graph: Graph | None, step: StepSummary) -> dict[str, Json]:
    """Return the schemas of the input handles of a step's block, where the graph has them."""
    for block in graph.blocks if graph else ():
        if block.id == step.block_id:
            return block.input_schemas
    return {}


class _Asked:
    """Asks for what is good to have; what was not to be had is kept in words, in `gaps`."""

    def __init__(self) -> None:
        self.gaps: list[str] = []

    async def unless_failed(self, what: str, asking: Awaitable[T]) -> T | None:
        try:
            return await asking
        except (RetabError, QuestionError) as error:
            self.gaps.append(f"{what}: {error.message}")
            return None

    async def unless_unsupported(self, what: str, asking: Awaitable[T]) -> T | None:
        """Like `unless_failed`; what this server has never had is not missing."""
        try:
            return await asking
        except (RetabError, QuestionError) as error:
            if error.kind != "unsupported":
                self.gaps.append(f"{what}: {error.message}")
            return None
