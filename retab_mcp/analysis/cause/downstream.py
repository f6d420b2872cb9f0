"""Steps that failed, or never ran, because of the root cause."""

from collections.abc import Collection, Sequence

from retab_mcp.analysis.cause.block_names import BlockNames
from retab_mcp.analysis.cause.word_dependencies import Dependencies, is_missing_input
from retab_mcp.analysis.lineage.dependencies import GraphDependencies
from retab_mcp.analysis.loops.step_order import in_execution_order
from retab_mcp.models import Status, StepSummary

# Blocks that choose a branch.
_ROUTER_TYPES = frozenset({"conditional", "classifier"})
# Words of a skipped step's reason that mean that another branch was chosen.
_NOT_CHOSEN = ("branch", "condition", "not taken", "not selected")


def downstream_of(
    root: StepSummary,
    steps: Sequence[StepSummary],
    dependent: Collection[str],
    independent: Collection[str],
    dependencies: Dependencies,
) -> tuple[str, ...]:
    """Return the ids of steps that failed or never ran because of `root`, in execution order.

    `dependent` are ids of failed steps that depend on it, `independent` of those that do not.
    Steps of a branch that was not chosen are left out.
    """
    around = {position.container_id for position in root.loops}
    names = BlockNames(name for step in steps for name in (step.block_id, step.label))
    found = []
    for step in in_execution_order(steps):
        if step.step_id == root.step_id or step.step_id in independent:
            continue
        if step.status in (Status.COMPLETED, Status.RUNNING, Status.AWAITING_REVIEW):
            continue
        failed = step.step_id in dependent or (
            step.status == Status.ERROR and step.block_id in around
        )
        if failed or (step.status != Status.ERROR and _never_ran(step, root, dependencies, names)):
            found.append(step.step_id)
    return tuple(found)


def _never_ran(
    step: StepSummary, root: StepSummary, dependencies: Dependencies, names: BlockNames
) -> bool:
    """Return whether `step` did not run because of `root`."""
    reason = step.reason or ""
    words = names.removed_from(reason)
    # If the block that chooses the branch failed, no branch was chosen over another.
    if root.type not in _ROUTER_TYPES and any(word in words.lower() for word in _NOT_CHOSEN):
        return False
    if dependencies.depends(step, root):
        return True
    if step.status == Status.PENDING:
        return step.started_at is None and not isinstance(dependencies, GraphDependencies)
    if BlockNames((root.block_id, root.step_id)).occur_in(reason):
        return True
    return is_missing_input(words)
