"""Dependencies between steps of a run whose graph is not known."""

from collections.abc import Sequence
from typing import Protocol

from retab_mcp.analysis.cause.failure_words import kind_in_words
from retab_mcp.analysis.lineage.dependencies import starts_before
from retab_mcp.analysis.loops.loop_containers import in_other_iteration
from retab_mcp.models import FailureKind, Stage, StepSummary


class Dependencies(Protocol):
    """Knows whether a step depends on the output of an earlier one."""

    def depends(self, step: StepSummary, earlier: StepSummary) -> bool:
        """Return whether `step` depends on what `earlier` produced."""


class WordDependencies:
    """Dependencies by words and time.

    A step that reports a missing input depends on the steps that failed before it. `files` adds
    dependencies by files that steps passed on.
    """

    def __init__(self, steps: Sequence[StepSummary], files: Dependencies | None = None) -> None:
        self._files = files
        self._without_input = {step.step_id for step in steps if _lacks_input(step)}
        self._while_loops = {step.block_id for step in steps if step.type == "while_loop"}

    def depends(self, step: StepSummary, earlier: StepSummary) -> bool:
        """Return whether `step` depends on what `earlier` produced."""
        if self._files is not None and self._files.depends(step, earlier):
            return True
        if step.step_id not in self._without_input or step is earlier:
            return False
        if in_other_iteration(step, earlier, self._while_loops):
            return False
        if earlier.step_id in self._without_input:
            return not starts_before(step, earlier)
        # A step may have been waiting for its input before the other one started.
        return not _ends_before(step, earlier)


def _ends_before(step: StepSummary, other: StepSummary) -> bool:
    if step.completed_at is None or other.completed_at is None:
        return starts_before(step, other)
    return step.completed_at < other.completed_at


def _lacks_input(step: StepSummary) -> bool:
    if step.failure is None:
        return False
    if step.failure.stage == Stage.INPUT_COLLECTION:
        return True
    return is_missing_input(step.failure.message)


def is_missing_input(message: str) -> bool:
    """Return whether the words of a message report a missing input."""
    found = kind_in_words(message)
    return found is not None and found.kind == FailureKind.MISSING_INPUT
