"""Choose the root among failed steps, and say which rule decided."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from retab_mcp.analysis.cause.choice.agreement import Agreement, Records
from retab_mcp.analysis.cause.word_dependencies import Dependencies
from retab_mcp.analysis.message_folding import fold_message
from retab_mcp.models import Run, StepSummary

# Maximum failed steps compared with each other, the earliest first: the time grows with the square
# of their number. Later ones are compared with the root only.
MAX_COMPARED = 300

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Choice:
    """The root, all that failed independently (itself included), and the rule that decided."""

    root: StepSummary
    independent: list[StepSummary]
    reason: str


def choose_root(
    run: Run,
    failed: Sequence[StepSummary],
    dependencies: Dependencies,
    source: str,
    records: Records,
) -> Choice:
    """Return the failed step that the others depend on.

    `source` names where the dependencies come from. `records` say what a step's own record
    shows of its failure. Between steps that do not depend on each other, these rules
    decide, in this order: the run's own message, the records, the number of failed steps that
    depend on it, time, and the API's hint.
    """
    compared = failed[:MAX_COMPARED]
    followers: dict[int, int] = {
        at: sum(dependencies.depends(step, root) for step in compared)
        for at, root in enumerate(compared)
        if not any(dependencies.depends(root, other) for other in compared)
    }
    # In a cycle of failed steps none is first, so all are equal.
    followers = followers or dict.fromkeys(range(len(compared)), 0)
    independent = [compared[at] for at in followers]
    if len(failed) == 1:
        return Choice(independent[0], independent, "the only failed step")
    if len(independent) == 1:
        return Choice(independent[0], independent, f"the first failed step {source}")
    counts = {id(compared[at]): count for at, count in followers.items()}
    shown = {_folded(step) for step in independent if records.agreement(step) == Agreement.SHOWS}

    def by_record(step: StepSummary) -> int:
        found = records.agreement(step)
        if found == Agreement.CONTRADICTS:
            return 2
        # Another step's record shows this very error, and its own does not.
        return int(found == Agreement.SILENT and _folded(step) in shown)

    rules: tuple[tuple[str, Callable[[StepSummary], Any]], ...] = (
        (
            "the run reports this step's error as its own",
            lambda step: not is_message_of(run, step),
        ),
        ("this step's own record shows the error", by_record),
        (f"most failed steps depend on it {source}", lambda step: -counts[id(step)]),
        (
            "the first failed step by time",
            lambda step: step.completed_at or step.started_at or _NEVER,
        ),
        ("the run's failing_step_id names it", lambda step: not is_hinted(run, step)),
    )
    return _by_rules(independent, rules)


def is_message_of(run: Run, step: StepSummary) -> bool:
    """Return whether the run reports the error of this step as its own."""
    if run.failure is None or step.failure is None or not step.failure.message.strip():
        return False
    return step.failure.message.strip() in run.failure.message


def is_hinted(run: Run, step: StepSummary) -> bool:
    """Return whether the API's `failing_step_id` names this step."""
    return run.failing_step_id in (step.step_id, step.block_id)


def _by_rules(
    independent: list[StepSummary], rules: Sequence[tuple[str, Callable[[StepSummary], Any]]]
) -> Choice:
    """Apply the rules until one step is left; the reason names those that left steps out."""
    left = independent
    decided = []
    for reason, key in rules:
        keys = [key(step) for step in left]
        best = min(keys)
        kept = [step for step, own in zip(left, keys, strict=True) if own == best]
        if len(kept) < len(left):
            decided.append(reason)
            left = kept
        if len(left) == 1:
            break
    if len(left) > 1:
        decided.append(f"one of {len(left)} failed steps that nothing tells apart")
    return Choice(min(left, key=lambda step: step.step_id), independent, "; ".join(decided))


def _folded(step: StepSummary) -> str:
    return fold_message(step.failure.message) if step.failure is not None else ""
