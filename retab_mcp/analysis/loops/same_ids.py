"""Tell steps of one id apart: a server may record a block that ran twice under one step id."""

from collections.abc import Sequence

from retab_mcp.analysis.records import to_iso_time
from retab_mcp.models import StepSummary


def same_ids(steps: Sequence[StepSummary]) -> dict[str, int]:
    """Return how many steps have each step id, of ids that several have.

    Steps in different iterations of a loop are no such steps, nor are equal records.
    """
    if len({step.step_id for step in steps}) == len(steps):
        return {}
    found: dict[tuple[object, ...], set[tuple[object, ...]]] = {}
    for step in steps:
        record = (step.started_at, step.completed_at, step.status)
        found.setdefault((step.step_id, step.loops), set()).add(record)
    return {str(key[0]): len(records) for key, records in found.items() if len(records) > 1}


def same_id_note(step: StepSummary, steps: Sequence[StepSummary]) -> str | None:
    """Say which of several `steps` with one id `step` is; None if it is the only one."""
    of_one_id = [
        each for each in steps if each.step_id == step.step_id and each.loops == step.loops
    ]
    count = same_ids(of_one_id).get(step.step_id)
    if count is None:
        return None
    which = "never started" if step.started_at is None else f"began {to_iso_time(step.started_at)}"
    return f"{count} steps have this id; this is the one that {which}"
