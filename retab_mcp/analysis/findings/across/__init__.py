"""Rules that compare the payloads of steps: loops, merges, functions, lookups."""

from retab_mcp.analysis.code_steps import CODE_TYPES
from retab_mcp.analysis.findings.across.merges import is_merge
from retab_mcp.analysis.loops.loop_containers import CONTAINER_TYPES
from retab_mcp.models import StepSummary


def shows_items(step: StepSummary) -> bool:
    """Return whether the payload of a step shows what a loop runs over: its own, or an item."""
    first_iteration = bool(step.loops) and (step.loops[-1].iteration or 0) <= 1
    return step.type in CONTAINER_TYPES or first_iteration


def payload_priority(step: StepSummary) -> int:
    """Return how early the payload of a step is opened, 0 first.

    Merges and loops first, then functions outside loops, then the first iterations of loops, whose
    inputs show what a loop runs over.
    """
    if is_merge(step) or step.type in CONTAINER_TYPES:
        return 0
    if not step.loops:
        return 1 if step.type in CODE_TYPES else 2
    return 2 if (step.loops[-1].iteration or 0) <= 1 else 3
