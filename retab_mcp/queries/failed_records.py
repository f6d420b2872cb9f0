"""Read the records of the steps that failed, to tell cause and consequence apart."""

from collections.abc import Sequence
from functools import partial

from retab_mcp.analysis.cause.choice.agreement import NO_RECORDS, Records
from retab_mcp.analysis.cause.choice.candidates import failed_on_their_own, tolerated_failures
from retab_mcp.analysis.cause.choice.lacking import lacks_items
from retab_mcp.analysis.cause.other_steps.other_failures import MAX_ITEMS
from retab_mcp.analysis.message_folding import fold_message
from retab_mcp.models import Artifact, ArtifactRef, Run, StepPayload, StepSummary
from retab_mcp.queries.concurrently import concurrently
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.optional_reads import Asked
from retab_mcp.queries.run_artifacts import keep_listed
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize import record_in_output

# Steps of one block with the same message whose records are read: they rarely differ.
MAX_ALIKE = 3
# Records read; a failed run whose failures differ more than this is a rare sight.
MAX_RECORDS = 12
# Up to this many records are read one by one.
MAX_SINGLE = 2
# Requests left for the root-cause step and its artifact, and for the history.
RESERVED_REQUESTS = 4


async def failed_records(inspector: Inspector, run: Run, steps: Sequence[StepSummary]) -> Records:
    """Return the artifacts of failed steps, and which steps lack what a loop should produce.

    Reads nothing where only one step failed. What cannot be read is left out: the cause is known
    without it.
    """
    fatal, tolerated = failed_on_their_own(steps), tolerated_failures(steps)
    if len(fatal) + len(tolerated) < 2:
        return NO_RECORDS
    artifacts = await _artifacts(inspector, run, _examples([*fatal, *tolerated]))
    lacking = set()
    for step in fatal if tolerated and len(fatal) == 1 else ():
        payload = await open_payload(inspector, run, step)
        if payload is not None and lacks_items(payload, tolerated, steps):
            lacking.add(step.step_id)
    return Records(artifacts, frozenset(lacking))


async def payloads_in_loops(
    inspector: Inspector, run: Run, steps: Sequence[StepSummary]
) -> dict[str, StepPayload]:
    """Return the payloads of the first failed steps of each kind that the list returned."""
    found = {}
    for step in _examples([step for step in steps if step.loops], MAX_ITEMS)[:MAX_RECORDS]:
        if inspector.kept.step(run.id, step.step_id, step.started_at) is not None:
            payload = await open_payload(inspector, run, step)
            if payload is not None:
                found[step.step_id] = payload
    return found


async def open_payload(inspector: Inspector, run: Run, step: StepSummary) -> StepPayload | None:
    """Return a step's payload with its inputs open, None if it cannot be read."""
    try:
        payload = (await inspector.payload(run, step)).payload
        payload.handle_inputs  # noqa: B018
    except RetabError:
        return None
    return payload


def _examples(failed: Sequence[StepSummary], most: int = MAX_ALIKE) -> list[StepSummary]:
    """Return the first failed steps of each block and message."""
    groups: dict[tuple[str, str], list[StepSummary]] = {}
    for step in failed:
        message = fold_message(step.failure.message) if step.failure is not None else ""
        groups.setdefault((step.block_id, message), []).append(step)
    return [step for group in groups.values() for step in group[:most]]


async def _artifacts(
    inspector: Inspector, run: Run, steps: Sequence[StepSummary]
) -> dict[str, Artifact]:
    refs = [(step, step.artifact) for step in steps if step.artifact is not None][:MAX_RECORDS]
    if len(refs) > MAX_SINGLE:
        await keep_listed(inspector, run, {ref.id for _, ref in refs}, pages=1)
    unlisted = [(step, ref) for step, ref in refs if inspector.kept.artifact(ref.id) is None]
    single = min(MAX_SINGLE, max(0, inspector.api.limits.left - RESERVED_REQUESTS))
    asked = Asked()

    async def read(ref: ArtifactRef) -> None:
        reading = inspector.artifact(ref.id, ref.operation or "", run.generation)
        artifact = await asked.unless_failed("an artifact", reading)
        if artifact is not None:
            inspector.kept.keep_artifact(artifact)

    await concurrently([partial(read, ref) for _, ref in unlisted[:single]])
    found = {step.step_id: inspector.kept.artifact(ref.id) for step, ref in refs}
    for step in steps[:MAX_RECORDS]:
        kept = inspector.kept.step(run.id, step.step_id, step.started_at)
        if step.artifact is None and kept is not None:
            # Before May 2026, the typed output was the only record.
            found[step.step_id] = record_in_output(kept)
    return {step_id: artifact for step_id, artifact in found.items() if artifact is not None}
