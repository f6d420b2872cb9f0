"""The steps that produced the inputs of a step."""

from collections.abc import Sequence

from retab_mcp.analysis.loops.loop_containers import iteration_number
from retab_mcp.models import Graph, LoopPosition, StepSummary


def inputs_from(
    step: StepSummary, steps: Sequence[StepSummary], graph: Graph
) -> dict[str, StepSummary]:
    """Return the step that produced each input of `step`, by handle id.

    If a block ran more than once, it is the step in the same iterations as `step`, else the last
    one. Handles whose step is unknown are left out.
    """
    by_block: dict[str, list[StepSummary]] = {}
    for each in steps:
        by_block.setdefault(each.block_id, []).append(each)
    found = {}
    for edge in graph.edges:
        candidates = by_block.get(edge.source, [])
        if edge.target == step.block_id and edge.target_handle and candidates:
            found[edge.target_handle] = max(
                enumerate(candidates), key=lambda at: (_shared(step, at[1]), at[0])
            )[1]
    return found


def _shared(step: StepSummary, other: StepSummary) -> int:
    """Return the number of loops, from the outermost, whose iteration the steps share."""

    def same(mine: LoopPosition, theirs: LoopPosition) -> bool:
        return mine.container_id == theirs.container_id and (
            iteration_number(mine) == iteration_number(theirs)
        )

    shared = 0
    for mine, theirs in zip(step.loops, other.loops, strict=False):
        if not same(mine, theirs):
            break
        shared += 1
    return shared
