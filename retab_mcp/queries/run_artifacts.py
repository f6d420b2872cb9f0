"""Read the artifacts of a run's steps, from its list where the API has one."""

from collections.abc import Collection, Sequence
from functools import partial

from retab_mcp.analysis.findings import worth_reading
from retab_mcp.models import Artifact, ArtifactRef, Run, StepSummary
from retab_mcp.queries.concurrently import concurrently
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.optional_reads import Asked
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize import record_in_output

# Maximum pages of the list of artifacts. The first holds 200, more than most runs have.
MAX_PAGES = 3
# Requests left for what follows: a graph (two lists on some servers) and the versions of a review.
RESERVED_REQUESTS = 3


async def artifacts_of(
    inspector: Inspector, run: Run, steps: Sequence[StepSummary], asked: Asked
) -> dict[str, Artifact]:
    """Return the artifacts of `steps` by step id; add what was not read to `asked.gaps`.

    Those that the list does not hold are read one by one, the most informative first.
    """
    refs = [(step, step.artifact) for step in worth_reading(steps) if step.artifact is not None]
    if len(refs) > 1:
        await keep_listed(inspector, run, {ref.id for _, ref in refs})
    unlisted = [(step, ref) for step, ref in refs if inspector.kept.artifact(ref.id) is None]
    chosen = unlisted[: max(0, inspector.api.limits.left - RESERVED_REQUESTS)]

    async def read(step: StepSummary, ref: ArtifactRef) -> None:
        reading = inspector.artifact(ref.id, ref.operation or "", run.generation)
        artifact = await asked.unless_unsupported(f"the artifact of {step.block_id}", reading)
        if artifact is not None:
            inspector.kept.keep_artifact(artifact)

    await concurrently([partial(read, step, ref) for step, ref in chosen])
    if len(unlisted) > len(chosen):
        asked.gaps.append(f"the artifacts of {len(unlisted) - len(chosen)} more steps")
    kept = {step.step_id: inspector.kept.artifact(ref.id) for step, ref in refs}
    for step in steps:
        listed = (
            inspector.kept.step(run.id, step.step_id, step.started_at)
            if step.artifact is None
            else None
        )
        if listed is not None:
            # Before May 2026, the typed output was the only record of most operations.
            kept[step.step_id] = record_in_output(listed)
    return {step_id: artifact for step_id, artifact in kept.items() if artifact is not None}


async def keep_listed(
    inspector: Inspector, run: Run, wanted: Collection[str], pages: int = MAX_PAGES
) -> None:
    """Keep the artifacts that the first `pages` of the run's list hold, if one is `wanted`.

    The list is read once per call. One that cannot be read keeps nothing: each artifact can still
    be read by its id.
    """
    kept = inspector.kept
    if run.id in kept.listed_runs or all(kept.artifact(one) is not None for one in wanted):
        return
    kept.listed_runs.add(run.id)
    read = 0
    try:
        async for page in inspector.api.artifact_pages(run):
            for artifact in page.artifacts:
                kept.keep_artifact(artifact)
            read += 1
            if read == pages:
                return
    except RetabError:
        return
