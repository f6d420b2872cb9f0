"""Find which step before a failure gave another value than in a run that worked."""

from collections.abc import Sequence
from dataclasses import dataclass

from retab_mcp.analysis.code_steps import CODE_TYPES
from retab_mcp.analysis.compare.json_diff import ANY_INDEX
from retab_mcp.analysis.compare.path_changes import PathChange
from retab_mcp.analysis.compare.run_diff import diff_runs
from retab_mcp.analysis.compare.step_pairs import StepPair
from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.loops.loop_containers import CONTAINER_TYPES
from retab_mcp.analysis.payloads.number_readings import number_readings
from retab_mcp.analysis.summary import short
from retab_mcp.digest.compact import compact_json
from retab_mcp.models import FindingKind, Json, StepSummary

# From this ratio on, two numbers differ by more than their digits show at a glance.
_MIN_RATIO = 1.5
# Tokens of each of the two values.
_VALUE_TOKENS = 15


@dataclass(frozen=True, slots=True)
class OtherOutput:
    """A step that got the same input in both runs and gave another value; `count` steps did."""

    step: StepSummary
    change: PathChange
    count: int

    @property
    def is_by_code(self) -> bool:
        """Return whether code gave the value, which should be the same each time."""
        return self.step.type in CODE_TYPES

    def finding(self) -> Finding:
        """Return the difference as a finding about the step."""
        change = self.change.change
        steps = f", in {self.count} steps" if self.count > 1 else ""
        name = next((key for key in reversed(change.folded) if key != ANY_INDEX), change.path)
        times = ratio_of(change.value, change.other)
        message = (
            f"{name} is {_said(change.value)}, but in the good run, from the same input, "
            f"{_said(change.other)}{f' ({times:g} times as much)' if times else ''}{steps}"
        )
        paths = (change.path,)
        found = Finding(FindingKind.DIFFERS_FROM_GOOD_RUN, message, "the good run", paths=paths)
        return found.about(self.step)


def _said(value: Json) -> str:
    return compact_json(short(value, _VALUE_TOKENS))


def other_output(pairs: Sequence[StepPair], root: StepSummary) -> OtherOutput | None:
    """Return the first step before `root` whose output differs though its input is the same.

    `pairs` are the steps of the failed run and of the good one. None also where `root` itself got
    the same input in both runs, since then no step before it made the difference.
    """
    mine = next((pair for pair in pairs if _is(pair.step, root)), None)
    if mine is None or mine.same_inputs is not False:
        return None
    before = [pair for pair in pairs if _is_before(pair, root)]
    diff = diff_runs(before)
    first = diff.first_with_same_inputs
    if first is None or first.step is None or first.kind != "output":
        return None
    worst = next((one for one in first.changes.values() if not one.is_minor), None)
    if worst is None:
        return None
    alike = sum(
        group.same_inputs
        for group in diff.differences
        if group.block_id == first.block_id and group.kind == "output"
    )
    return OtherOutput(first.step, worst, alike)


def ratio_of(value: Json, other: Json) -> float | None:
    """Return how many times as large one number is as another, None where that says nothing."""
    readings, others = number_readings(value), number_readings(other)
    if len(readings) != 1 or len(others) != 1 or not readings[0] or not others[0]:
        return None
    ratio = float(readings[0]) / float(others[0])
    is_telling = ratio >= _MIN_RATIO or 0 < ratio <= 1 / _MIN_RATIO
    return float(f"{ratio:.3g}") if is_telling else None


def _is(step: StepSummary | None, root: StepSummary) -> bool:
    return step is not None and step.step_id == root.step_id


def _is_before(pair: StepPair, root: StepSummary) -> bool:
    """Return whether both runs have the step, and it ended before `root` started."""
    step = pair.step
    if step is None or pair.other is None or step.type in CONTAINER_TYPES or _is(step, root):
        return False
    if step.completed_at is None or root.started_at is None:
        return False
    return step.completed_at <= root.started_at
