"""What is doubtful in what the steps of a run produced, within a fixed number of requests."""

from collections.abc import Sequence
from functools import partial

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings import find_in_artifact, worth_reading
from retab_mcp.models import Run, StepSummary
from retab_mcp.queries.concurrently import concurrently
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.optional_reads import Asked
from retab_mcp.retab.errors import RetabError

# Requests for artifacts that one answer takes: up to so many are read one by one, those first
# that can say most. Of more, the run's list is read, which sends them by the page.
MAX_REQUESTS = 8
# Pages of that list; the other requests are for what the pages do not hold.
MAX_PAGES = 4


async def artifact_findings(
    inspector: Inspector, run: Run, steps: Sequence[StepSummary], asked: Asked
) -> list[Finding]:
    """Return what is doubtful in the artifacts of `steps`; what was not read goes to `asked`."""
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
        artifact = await asked.unless_unsupported(f"what {step.block_id} produced", reading)
        if artifact is not None:
            found.extend(find_in_artifact(step, artifact))

    await concurrently([partial(look, step) for step in chosen])
    if len(unread) > len(chosen):
        asked.gaps.append(f"what {len(unread) - len(chosen)} more steps produced")
    # Artifacts come in any order; of two findings that are alike the earlier step is named.
    order = {step.step_id: number for number, step in enumerate(steps)}
    return sorted(found, key=lambda one: order.get(one.step_id or "", len(order)))


async def _by_the_page(
    inspector: Inspector, run: Run, unread: dict[str, StepSummary], found: list[Finding]
) -> int:
    """Look at what the first pages hold, take it out of `unread`, and return how many were read."""
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
        # Without the list, or the rest of it, the artifacts can still be asked for one by one.
        return pages
    return pages
