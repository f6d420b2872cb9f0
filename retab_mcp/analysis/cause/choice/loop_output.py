"""Find the loop whose missing output made a later step fail."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retab_mcp.analysis.cause.choice.candidates import tolerant_loop
from retab_mcp.analysis.cause.word_dependencies import Dependencies, is_missing_input
from retab_mcp.analysis.lineage.dependencies import GraphDependencies, starts_before
from retab_mcp.models import FailureKind, Stage, StepSummary

# Kinds of failure that a missing value does not explain.
_OF_ITS_OWN = frozenset(
    {
        FailureKind.CALLED_API_DOWN,
        FailureKind.CREDENTIALS,
        FailureKind.CREDITS_EXHAUSTED,
        FailureKind.DOCUMENT_UNREADABLE,
        FailureKind.RATE_LIMITED,
        FailureKind.STORAGE,
        FailureKind.TIMEOUT,
    }
)
# Words of a step that found less than it needs.
_LESS = re.compile(
    r"\b(?:missing|absent|incomplete|lacks?|without|undefined|none|null|nan|nonetype|keyerror"
    r"|indexerror|empty|not (?:found|present|available|complete)"
    r"|no (?:value|data|item|row|result)s?|is required"
    r"|expected \d+\b.{0,40}?\b(?:got|found|received|but)"
    r"|(?:only|got|found|received) \d+ (?:of|out of|instead of)"
    r"|out of range|cannot read propert\w+|fewer|not all|too few)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class LoopFailures:
    """The failures that a completed loop tolerated, the earliest first."""

    container_id: str
    failed: list[StepSummary]

    @property
    def reason(self) -> str:
        """The reason for which the first of them is the root cause of a later failure."""
        steps = "a step" if len(self.failed) == 1 else f"{len(self.failed)} steps"
        return f"loop {self.container_id} completed though {steps} in it failed"


def loop_behind(
    later: StepSummary,
    kind: FailureKind,
    tolerated: Sequence[StepSummary],
    steps: Sequence[StepSummary],
    dependencies: Dependencies,
    lacking: Iterable[str] = (),
) -> LoopFailures | None:
    """Return the completed loop whose failed iterations explain why `later` failed.

    None if `later` failed with a `kind` of its own, does not depend on the loop, or does not lack
    anything: by its message, or since it is among `lacking`, ids of steps whose inputs show it.
    """
    if kind in _OF_ITS_OWN or not tolerated:
        return None
    if later.step_id not in lacking and not _reports_less(later):
        return None
    loops: dict[str, list[StepSummary]] = {}
    for step in tolerated:
        container = tolerant_loop(step, steps)
        if container is not None and _comes_from(later, step, container, steps, dependencies):
            loops.setdefault(container, []).append(step)
    # With two loops before it, nothing says which of them it lacks.
    if len(loops) != 1:
        return None
    [(container, failed)] = loops.items()
    return LoopFailures(container, failed)


def _reports_less(step: StepSummary) -> bool:
    if step.failure is None:
        return False
    if step.failure.stage == Stage.INPUT_COLLECTION:
        return True
    message = step.failure.message
    return is_missing_input(message) or _LESS.search(message) is not None


def _comes_from(
    later: StepSummary,
    failed: StepSummary,
    container: str,
    steps: Sequence[StepSummary],
    dependencies: Dependencies,
) -> bool:
    if any(position.container_id == container for position in later.loops):
        return False
    if isinstance(dependencies, GraphDependencies):
        loop = next((step for step in steps if step.block_id == container), None)
        return dependencies.depends(later, loop or failed) or dependencies.depends(later, failed)
    return starts_before(failed, later)
