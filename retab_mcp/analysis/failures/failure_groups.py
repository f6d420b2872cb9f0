"""Group the failures of many runs by what went wrong, with their trend."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import isclose, sqrt
from typing import TypeAlias

from retab_mcp.analysis.cause.classify import classify
from retab_mcp.analysis.cause.failing_step import failing_step
from retab_mcp.analysis.cause.root_cause import RootCause, find_cause
from retab_mcp.analysis.message_folding import DistinctValue, distinct_values, fold_message
from retab_mcp.models import Failure, FailureKind, Run, StepSummary

RISING, FALLING, STEADY = "rising", "falling", "steady"

Signature: TypeAlias = tuple[str, str, str, str, str]

# Minimum failed runs for a trend: with fewer, any trend can be chance.
MIN_RUNS_FOR_TREND = 5
# Standard deviations from a steady rate that make a trend; one in twenty is chance.
_TREND_DEVIATIONS = 2.0


@dataclass(frozen=True, slots=True)
class RunFailure:
    """A failure in a run: its root cause, or a step that failed independently.

    `at` is when the step ended, or the run was created. `step_id` and `block_id` are None where
    no failed step is known, `code` (the error code of its record) where it has none. `is_cause`
    means that it is the root cause of its run, `by_record` that the records of the run were
    considered, not its own words alone. `survived` says that a later attempt made the reported one
    good.
    """

    run_id: str
    workflow_id: str | None
    at: datetime | None
    block_id: str | None
    step_id: str | None
    type: str | None
    label: str | None
    kind: FailureKind
    message: str
    code: str | None = None
    is_cause: bool = True
    by_record: bool = True
    survived: str | None = None

    @property
    def signature(self) -> Signature:
        """What all failures of a group share: workflow, block, kind, code and folded message."""
        folded = f"{'survived: ' if self.survived else ''}{fold_message(self.message)}"
        return self.workflow_id or "", self.block_id or "", self.kind, self.code or "", folded

    @property
    def said(self) -> tuple[str, str, str]:
        """The workflow, the block and the folded message, without what a record adds to them."""
        return self.workflow_id or "", self.block_id or "", fold_message(self.message)


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """Failures of one signature.

    `latest` is the newest of them. `count` is the number of failures (a loop can fail many times
    in a run), `runs` the number of runs with one, `run_ids` their ids. `by_own_words` counts the
    runs of which nothing but their own words is known, `other_cause` those whose root cause is
    another failure, of which this one is independent. `trend` is rising, falling or steady; None
    if there are too few. `values` are the quoted names by which the messages differ, most frequent
    first.
    """

    latest: RunFailure
    count: int
    runs: int
    first_seen: datetime | None
    last_seen: datetime | None
    trend: str | None
    values: tuple[DistinctValue, ...] = ()
    run_ids: frozenset[str] = frozenset()
    by_own_words: int = 0
    other_cause: int = 0


@dataclass(frozen=True, slots=True)
class Halves:
    """A time window, cut in two at `middle`, and the number of runs created in each half.

    Both numbers are 0 where they are unknown; then the halves count as equally busy.
    """

    middle: datetime
    runs_before: int = 0
    runs_after: int = 0

    @property
    def share_after(self) -> float:
        """The share of evenly spread failures in the second half, from 0 to 1."""
        total = self.runs_before + self.runs_after
        return self.runs_after / total if total else 0.5


def failures_of(
    run: Run,
    steps: Sequence[StepSummary] | None,
    cause: RootCause | None = None,
    *,
    by_record: bool = False,
    survived: str | None = None,
) -> list[RunFailure]:
    """Return the failures of a failed run: the root cause, then independent ones.

    `steps` are all steps or the failed ones; if they are None (not read), the run's own record is
    used. `cause` is its root cause, found from the steps if it is None; `by_record` and `survived`
    are as in RunFailure. Failures downstream of the root cause are left out, and independent ones
    of other blocks where only the words of the steps say that they are independent.
    """
    if steps is None:
        return [reported_failure(run)]
    cause = cause or find_cause(run, steps)
    if cause is None:
        return []
    by_id = {step.step_id: step for step in steps}
    root = _failure(run, cause.step, cause.kind, cause.message)
    found = [replace(root, by_record=by_record, survived=survived)]
    for step in (by_id[step_id] for step_id in cause.others if step_id in by_id):
        message = step.failure.message if step.failure else ""
        other = _failure(run, step, classify(step.failure, step).kind, message)
        if by_record or (step.block_id == root.block_id and other.signature == root.signature):
            found.append(replace(other, is_cause=False, by_record=by_record))
    return found


def group_failures(failures: Iterable[RunFailure], halves: Halves) -> list[FailureGroup]:
    """Return the groups of `failures`: most runs first, then most failures, then newest.

    A failure of which only the run's words are known joins the one group of its block and message.
    """
    groups: dict[Signature, list[RunFailure]] = defaultdict(list)
    for failure in _with_known_kinds(list(failures)):
        groups[failure.signature].append(failure)
    found = [_group(members, halves) for members in groups.values()]
    return sorted(found, key=_rank)


def _with_known_kinds(failures: list[RunFailure]) -> list[RunFailure]:
    """Return the failures; those without a step like those of the same block and message."""
    known: dict[tuple[str, str, str], dict[Signature, RunFailure]] = defaultdict(dict)
    for failure in failures:
        if failure.type is not None and failure.is_cause and not failure.survived:
            known[failure.said][failure.signature] = failure
    found = []
    for failure in failures:
        alike = list(known.get(failure.said, {}).values()) if failure.type is None else []
        if len(alike) == 1 and not failure.by_record:
            like = alike[0]
            failure = replace(
                failure, type=like.type, label=like.label, kind=like.kind, code=like.code
            )
        found.append(failure)
    return found


def trend(before: int, after: int, share_after: float) -> str | None:
    """Return the trend of failures: `before` in the first half of a window, `after` in its second.

    Steady failures spread over the halves like runs do: a share of `share_after` (0 to 1) is in
    the second. More than two standard deviations from that is rising or falling. None where fewer
    than MIN_RUNS_FOR_TREND failed, or where one half had no runs.
    """
    total = before + after
    if total < MIN_RUNS_FOR_TREND or not 0 < share_after < 1:
        return None
    expected = total * share_after
    deviation = sqrt(expected * (1 - share_after))
    excess, limit = abs(after - expected), _TREND_DEVIATIONS * deviation
    # At the limit rounding must not decide: 1 - share is not exact.
    if excess <= limit or isclose(excess, limit):
        return STEADY
    return RISING if after > expected else FALLING


def reported_failure(run: Run) -> RunFailure:
    """Return the failure that a run itself reports."""
    step = failing_step(run)
    failure = run.failure
    details = failure.details if failure else None
    return RunFailure(
        run_id=run.id,
        workflow_id=run.workflow_id,
        at=run.completed_at or run.created_at,
        block_id=step.block_id,
        step_id=step.step_id,
        type=None,
        label=details.block_name if details else None,
        kind=classify(failure).kind,
        message=failure.message if failure else "",
        code=details.error_code if details else None,
        by_record=False,
    )


def _failure(run: Run, step: StepSummary | None, kind: FailureKind, message: str) -> RunFailure:
    ended = (step.completed_at or step.started_at) if step else None
    return RunFailure(
        run_id=run.id,
        workflow_id=run.workflow_id,
        at=ended or run.completed_at or run.created_at,
        block_id=step.block_id if step else None,
        step_id=step.step_id if step else None,
        type=step.type if step else None,
        label=step.label if step else None,
        kind=kind,
        message=message,
        code=_code(step.failure) if step else None,
    )


def _code(failure: Failure | None) -> str | None:
    return failure.details.error_code if failure and failure.details else None


def _group(members: list[RunFailure], halves: Halves) -> FailureGroup:
    times = sorted(failure.at for failure in members if failure.at is not None)
    latest = max(members, key=lambda failure: (_since_epoch(failure.at), failure.run_id))
    # Runs, not failures: the iterations of one loop do not fail independently.
    causing = {failure.run_id for failure in members if failure.is_cause}
    after = {f.run_id for f in members if f.at is not None and f.at >= halves.middle}
    before = {f.run_id for f in members if f.at is not None} - after
    runs = {failure.run_id for failure in members}
    return FailureGroup(
        latest=latest,
        count=len(members),
        runs=len(runs),
        first_seen=times[0] if times else None,
        last_seen=times[-1] if times else None,
        trend=trend(len(before), len(after), halves.share_after),
        run_ids=frozenset(runs),
        other_cause=len(runs - causing),
        by_own_words=len({failure.run_id for failure in members if not failure.by_record}),
        values=tuple(distinct_values((failure.message, failure.at) for failure in members)),
    )


def _rank(group: FailureGroup) -> tuple[int, int, float, Signature]:
    return -group.runs, -group.count, -_since_epoch(group.last_seen), group.latest.signature


def _since_epoch(at: datetime | None) -> float:
    return at.timestamp() if at is not None else 0.0
