"""Refuse the id of a block without steps: an empty answer would read as "it never ran"."""

from collections.abc import Iterable

from retab_mcp.models import ErrorKind, StepSummary
from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.step_lookup import MAX_NAMED_BLOCKS


def check_block(block_id: str, steps: Iterable[StepSummary], message: str) -> None:
    """Raise QuestionError (not_found, `message`) if no step is of the block or inside the loop.

    An empty `block_id` passes. The error names blocks that exist.
    """
    if not block_id:
        return
    known: set[str] = set()
    for step in steps:
        known.add(step.block_id)
        known.update(position.container_id for position in step.loops)
    if block_id not in known:
        raise QuestionError(
            ErrorKind.NOT_FOUND,
            message,
            hint="Take a block_id from list_steps, or leave it out.",
            facts={"blocks": sorted(known)[:MAX_NAMED_BLOCKS], "blocks_in_all": len(known)},
        )
