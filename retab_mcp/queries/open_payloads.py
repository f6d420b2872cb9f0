"""Open the payloads of a run's steps that its list returned."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from retab_mcp.analysis.findings.across import payload_priority
from retab_mcp.models import Run, Step, StepPayload, StepSummary
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.needed_payloads import NeededPayloads
from retab_mcp.queries.over_steps import over_steps
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize.handles import open_together
from retab_mcp.retab.off_loop import off_loop

# Payloads opened for one answer, in bytes of JSON: about half a second of cleaning and redacting.
MAX_OPENED_BYTES = 8_000_000


class Opened(NamedTuple):
    """Opened payloads by step id, and the steps whose payloads are too large or unreadable."""

    payloads: dict[str, StepPayload]
    missed: list[StepSummary]


async def open_payloads(
    inspector: Inspector,
    run: Run,
    steps: Sequence[StepSummary],
    most_bytes: int = MAX_OPENED_BYTES,
    needed: NeededPayloads | None = None,
) -> Opened:
    """Return the payloads of `steps`, opened; see `payload_priority` for the order.

    Left out are payloads that the list did not return, that are not `needed`, that cannot be read,
    or that exceed `most_bytes` in all.
    """
    chosen, missed = await over_steps(
        steps, partial(_chosen, inspector, run, steps, most_bytes, needed)
    )
    size = sum(step.payload.sealed_bytes for step in chosen)
    return await off_loop(size, partial(_open, chosen, missed))


def _chosen(
    inspector: Inspector,
    run: Run,
    steps: Sequence[StepSummary],
    most_bytes: int,
    needed: NeededPayloads | None,
) -> tuple[list[Step], list[StepSummary]]:
    """Return the kept steps to open, up to `most_bytes`, and those that are too large."""
    chosen: list[Step] = []
    missed: list[StepSummary] = []
    left = most_bytes
    kept = (inspector.kept.step(run.id, summary.step_id, summary.started_at) for summary in steps)
    found = [step for step in kept if step is not None]
    if needed is not None:
        found = needed.among(found)
    for step in sorted(found, key=lambda each: payload_priority(each.summary)):
        size = step.payload.sealed_bytes
        if size > left:
            missed.append(step.summary)
        else:
            left -= size
            chosen.append(step)
    return chosen, missed


def _open(steps: list[Step], missed: list[StepSummary]) -> Opened:
    open_together(steps)
    found = {}
    for step in steps:
        try:
            inputs, outputs = step.payload.handle_inputs, step.payload.handle_outputs
        except RetabError:
            missed.append(step.summary)
        else:
            found[step.summary.step_id] = StepPayload(inputs, outputs, step.payload.output)
    return Opened(found, missed)
