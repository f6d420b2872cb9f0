"""Open the payloads of a run's steps that its list returned."""

from collections.abc import Sequence
from functools import partial

from retab_mcp.analysis.findings.across import payload_priority
from retab_mcp.models import Run, Step, StepPayload, StepSummary
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.over_steps import over_steps
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize.handles import open_together
from retab_mcp.retab.off_loop import off_loop

# Payloads opened for one answer, in bytes of JSON: about half a second of cleaning and redacting.
MAX_OPENED_BYTES = 8_000_000


async def open_payloads(
    inspector: Inspector,
    run: Run,
    steps: Sequence[StepSummary],
    most_bytes: int = MAX_OPENED_BYTES,
) -> dict[str, StepPayload]:
    """Return the payloads of `steps` by step id, opened; see `payload_priority` for the order.

    Left out are payloads that the list did not return, that cannot be read, or that exceed
    `most_bytes` in all.
    """
    chosen = await over_steps(steps, partial(_chosen, inspector, run, steps, most_bytes))
    size = sum(step.payload.sealed_bytes for step in chosen)
    return await off_loop(size, partial(_open, chosen))


def _chosen(
    inspector: Inspector, run: Run, steps: Sequence[StepSummary], most_bytes: int
) -> list[Step]:
    """Return the kept steps to open, up to `most_bytes`."""
    found: list[Step] = []
    left = most_bytes
    for summary in sorted(steps, key=payload_priority):
        step = inspector.kept.step(run.id, summary.step_id)
        if step is not None and (size := step.payload.sealed_bytes) <= left:
            left -= size
            found.append(step)
    return found


def _open(steps: list[Step]) -> dict[str, StepPayload]:
    open_together(steps)
    found = {}
    for step in steps:
        try:
            inputs, outputs = step.payload.handle_inputs, step.payload.handle_outputs
        except RetabError:
            continue
        found[step.summary.step_id] = StepPayload(inputs, outputs, step.payload.output)
    return found
