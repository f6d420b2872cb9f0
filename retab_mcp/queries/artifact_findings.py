"""Findings from the artifacts of a run's steps, within a fixed number of requests."""

from collections.abc import Sequence
from functools import partial

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings import find_in_artifact, worth_reading
from retab_mcp.models import Run, StepSummary
from retab_mcp.queries.concurrently import concurrently
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.optional_reads import Asked
from retab_mcp.retab.errors import RetabError

# Maximum requests for artifacts per answer. Up to this many artifacts are read one by one, the most
# informative first; for more, the run's artifact list is read, which returns a page per request.
MAX_REQUESTS = 8
# Maximum pages of that list; the other requests are for artifacts that the pages do not hold.
MAX_PAGES = 4


async def artifact_findings(
    inspector: Inspector, run: Run, steps: Sequence[StepSummary], asked: Asked
) -> list[Finding]:
    """Return the findings in the artifacts of `steps`; add what was not read to `asked.gaps`."""
    unread = {step.artifact.id: step for step in worth_reading(steps) if step.artifact is not None}
    found: list[Finding] = []
    pages = 0
    if len(unread) > MAX_REQUESTS:
        pages = await _by_the_page(inspector, run, unread, found)
    chosen = list(unread.values())[: MAX_REQUESTS - pages]

    async def look(step: StepSummary) -> None:
        if step.artifact is None:
            return
        ref = step.artifact
        reading = inspector.artifact(ref.id, ref.operation or "", run.generation)
        artifact = await asked.unless_unsupported(f"the artifact of {step.block_id}", reading)
        if artifact is not None:
            found.extend(find_in_artifact(step, artifact))

    await concurrently([partial(look, step) for step in chosen])
    if len(unread) > len(chosen):
        asked.gaps.append(f"the artifacts of {len(unread) - len(chosen)} more steps")
    # Artifacts arrive in any order; of two equal findings the one of the earlier step is kept.
    order = {step.step_id: number for number, step in enumerate(steps)}
    return sorted(found, key=lambda one: order.get(one.step_id or "", len(order)))


async def _by_the_page(
    inspector: Inspector, run: Run, unread: dict[str, StepSummary], found: list[Finding]
) -> int:
    """Check the artifacts on the first pages, remove them from `unread`, and return how many."""
    pages = 0
    try:
        async for page in inspector.api.artifact_pages(run):
            pages += 1
            read = [
                (unread.pop(artifact.id), artifact)
                for artifact in page.artifacts
                if artifact.id in unread
            ]
            for step, artifact in read:
                found.extend(find_in_artifact(step, artifact))
            if pages == MAX_PAGES:
                break
    except RetabError:
        # Artifacts that the list did not return can still be read one by one.
        return pages
    return pages
