"""Show what the steps of a run cost: Retab reports credits by block, not by step."""

from collections import Counter
from collections.abc import Sequence

from retab_mcp.models import StepSummary
from retab_mcp.queries.run_facts import StepsRead
from retab_mcp.retab.usage import RunCredits

# Blocks with several steps whose credits are shown, the most expensive ones.
MAX_BLOCKS = 10


def credits_of_steps(spent: RunCredits | None, read: StepsRead) -> dict[str, float]:
    """Return the credits of the blocks that have one step only, by block id."""
    if spent is None or not read.complete:
        return {}
    count = _steps_of(read.steps)
    return {block_id: each for block_id, each in spent.by_block.items() if count[block_id] == 1}


def credits_of_blocks(
    spent: RunCredits | None, read: StepsRead, selected: Sequence[StepSummary]
) -> dict[str, float]:
    """Return the credits of the blocks of `selected` steps that have, or may have, several."""
    if spent is None:
        return {}
    count, wanted = _steps_of(read.steps), {step.block_id for step in selected}
    found = {
        block_id: each
        for block_id, each in sorted(spent.by_block.items(), key=lambda pair: -pair[1])
        if block_id in wanted and (count[block_id] > 1 or not read.complete)
    }
    return dict(list(found.items())[:MAX_BLOCKS])


def _steps_of(steps: Sequence[StepSummary]) -> Counter[str]:
    return Counter(step.block_id for step in steps)
