"""Name a step, inside an answer that names its run, by as little as identifies it."""

from typing import TypedDict

from retab_mcp.analysis.step_ids import short_step_id
from retab_mcp.models import StepSummary


class StepName(TypedDict):
    """The fields that name a step; None if a field adds nothing to those before it."""

    step_id: str
    block_id: str | None
    label: str | None


def name_of(step: StepSummary, run_id: str) -> StepName:
    """Return a step's short id, and its block and label if they add something."""
    short = short_step_id(step.step_id, run_id)
    return {
        "step_id": short,
        "block_id": step.block_id if step.block_id != short else None,
        "label": telling_label(step.label, step.block_id),
    }


def telling_label(label: str | None, block_id: str) -> str | None:
    """Return a label, None if it only spells the block id differently."""
    return None if _letters(label or "") == _letters(block_id) else label


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
