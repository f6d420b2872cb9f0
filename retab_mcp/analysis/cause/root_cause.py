"""The first cause of what became of a run: the step that the other failures depend on."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

from retab_mcp.analysis.cause.block_names import Names
from retab_mcp.analysis.cause.failure_kinds import CATALOGUE, classify
from retab_mcp.analysis.cause.failure_words import kind_in_words
from retab_mcp.analysis.lineage.dependencies import GraphDependencies, starts_before
from retab_mcp.analysis.loops.containers import in_other_iteration
from retab_mcp.analysis.loops.rows import in_execution_order
from retab_mcp.analysis.operations.evidence import evidence
from retab_mcp.models import (
    Artifact,
    Failure,
    FailureKind,
    Graph,
    Json,
    Run,
    Stage,
    Status,
    StepSummary,
)

# Failed steps weighed against each other, the earliest ones: that takes the square of their
# number. Later ones are weighed against the cause alone.
MAX_WEIGHED = 300

_NEVER = datetime.max.replace(tzinfo=UTC)
_ROUTER_TYPES = frozenset({"conditional", "classifier"})
# A run in one of these has no cause to be found yet, or none at all.
_NOTHING_WRONG = frozenset(
    {Status.PENDING, Status.QUEUED, Status.RUNNING, Status.COMPLETED, Status.SKIPPED}
)


class Dependencies(Protocol):
    """Tells whether a step ran on what an earlier one made."""

    def depends(self, step: StepSummary, earlier: StepSummary) -> bool:
        """Return whether `step` ran on what `earlier` made."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a run is as it is.

    `step` is None when no step tells it. `kind` is of the catalogue, `suggestion` what to look at
    next, `reasons` the facts that name the step and the kind. `downstream` are ids of steps that
    failed, or never ran, because of this; `others` of steps that failed on their own account.
    `evidence` is of the step's artifact, empty until `with_artifact`.
    """

    step: StepSummary | None
    message: str
    stage: str | None
    category: str | None
    kind: FailureKind
    suggestion: str
    reasons: tuple[str, ...]
    downstream: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    evidence: dict[str, Json] = field(default_factory=dict)


def find_cause(
    run: Run,
    steps: Sequence[StepSummary],
    graph: Graph | None = None,
    passed_on: Dependencies | None = None,
) -> Cause | None:
    """Return why `run` failed, waits or was cancelled; None when it did none of these.

    `steps` may come in any order and be incomplete; `graph` is the one that the run executed,
    `passed_on` serves where it is not known, and time where neither is. The API's
    `failing_step_id` only decides between steps that nothing else tells apart.
    """
    if run.status in _NOTHING_WRONG:
        return None
    if run.status == Status.AWAITING_REVIEW:
        return _waiting(run, steps)
    if run.status == Status.CANCELLED:
        return _cancelled(run, steps)
    failed = _own_failures(steps)
    if not failed:
        return _without_failed_step(run, steps)
    return _failed(run, steps, failed, _dependencies(steps, graph, passed_on))


def with_artifact(cause: Cause, artifact: Artifact) -> Cause:
    """Return `cause` with the evidence of its step's artifact, and the kind judged anew by it."""
    found = replace(cause, evidence=evidence(artifact))
    if cause.kind in (FailureKind.CANCELLED, FailureKind.WAITING_FOR_REVIEW):
        return found
    failure = Failure(message=cause.message, stage=cause.stage, category=cause.category)
    own = cause.step.failure if cause.step is not None else None
    if own is not None:
        failure = failure.model_copy(update={"details": own.details})
    verdict = classify(failure, cause.step, artifact)
    reasons = (*cause.reasons[:-1], verdict.reason)
    return replace(found, kind=verdict.kind, suggestion=verdict.suggestion, reasons=reasons)


def failed_on_their_own(steps: Sequence[StepSummary]) -> list[StepSummary]:
    """Return the failed steps in execution order, without loops that failed by a step inside."""
    return in_execution_order(_own_failures(steps))


def _own_failures(steps: Sequence[StepSummary]) -> list[StepSummary]:
    failed = [step for step in steps if step.status == Status.ERROR]
    around = {position.container_id for step in failed for position in step.loops}
    own = [step for step in failed if step.block_id not in around]
    # A loop that completed has put up with the failures inside of it.
    tolerant = {step.block_id for step in steps if step.status == Status.COMPLETED}
    fatal = [step for step in own if not any(at.container_id in tolerant for at in step.loops)]
    return fatal or own


def _dependencies(
    steps: Sequence[StepSummary], graph: Graph | None, passed_on: Dependencies | None
) -> tuple[Dependencies, str]:
    if graph is not None and graph.edges:
        by_graph = GraphDependencies(graph)
        if any(by_graph.knows(step) for step in steps):
            return by_graph, "the graph that the run executed"
    if passed_on is not None:
        return _ByWords(steps, passed_on), "the files that steps passed on, and time"
    return _ByWords(steps), "the order in time"


class _ByWords:
    """Without a graph: what says that its input is missing depends on what failed before it,
    beside what is known of files."""

    def __init__(self, steps: Sequence[StepSummary], files: Dependencies | None = None) -> None:
        self._files = files
        self._lacking = {step.step_id for step in steps if _lacks_input(step)}
        self._while_loops = {step.block_id for step in steps if step.type == "while_loop"}

    def depends(self, step: StepSummary, earlier: StepSummary) -> bool:
        if self._files is not None and self._files.depends(step, earlier):
            return True
        if step.step_id not in self._lacking or step is earlier:
            return False
        if in_other_iteration(step, earlier, self._while_loops):
            return False
        if earlier.step_id in self._lacking:
            return not starts_before(step, earlier)
        # A block may have waited for its input since long before the other began.
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
    found = kind_in_words(step.failure.message)
    return found is not None and found.kind == FailureKind.MISSING_INPUT


def _failed(
    run: Run,
    steps: Sequence[StepSummary],
    failed: list[StepSummary],
    known: tuple[Dependencies, str],
) -> Cause:
    dependencies, source = known
    failed = in_execution_order(failed)
    first, roots = _first_of(run, failed[:MAX_WEIGHED], dependencies)
    below = [step for step in failed if dependencies.depends(step, first)]
    below_ids = {step.step_id for step in below} | {first.step_id}
    others = [step for step in [*roots, *failed[MAX_WEIGHED:]] if step.step_id not in below_ids]
    message, failure = _message(run, first)
    verdict = classify(failure, first)
    reason = "the only failed step" if len(failed) == 1 else f"first by {source}"
    return Cause(
        step=first,
        message=message,
        stage=failure.stage,
        category=failure.category,
        kind=verdict.kind,
        suggestion=verdict.suggestion,
        reasons=(reason, verdict.reason),
        downstream=_downstream(steps, first, below_ids, others, dependencies),
        others=tuple(step.step_id for step in others),
    )


def _first_of(
    run: Run, failed: list[StepSummary], dependencies: Dependencies
) -> tuple[StepSummary, list[StepSummary]]:
    """The failed step that is the cause, and all that failed on their own account."""
    followers: dict[int, int] = {
        at: sum(dependencies.depends(step, root) for step in failed)
        for at, root in enumerate(failed)
        if not any(dependencies.depends(root, other) for other in failed)
    }
    # A circle of failed steps has no beginning: then all are equal.
    followers = followers or dict.fromkeys(range(len(failed)), 0)

    def rank(at: int) -> tuple[bool, int, datetime, bool, str]:
        step = failed[at]
        return (
            not _is_message_of(run, step),
            -followers[at],
            step.completed_at or step.started_at or _NEVER,
            not _is_hinted(run, step),
            step.step_id,
        )

    return failed[min(followers, key=rank)], [failed[at] for at in followers]


def _is_message_of(run: Run, step: StepSummary) -> bool:
    """Whether the run reports the error of this step as its own."""
    if run.failure is None or step.failure is None or not step.failure.message:
        return False
    return step.failure.message.strip() in run.failure.message


def _is_hinted(run: Run, step: StepSummary) -> bool:
    return run.failing_step_id in (step.step_id, step.block_id)


def _message(run: Run, step: StepSummary) -> tuple[str, Failure]:
    """The words of the step, or of the run where it speaks of this step; stage and category."""
    failure = step.failure or Failure()
    message = failure.message or (failure.details.message if failure.details else "") or ""
    if run.failure is not None and (not message or _is_message_of(run, step)):
        failure = Failure(
            message=message or run.failure.message,
            stage=failure.stage or run.failure.stage,
            category=failure.category or run.failure.category,
            details=failure.details or run.failure.details,
        )
        message = failure.message
    return message, failure


def _downstream(
    steps: Sequence[StepSummary],
    first: StepSummary,
    below: set[str],
    others: list[StepSummary],
    dependencies: Dependencies,
) -> tuple[str, ...]:
    """Steps that failed or never ran because of `first`: not those that a branch left out."""
    around = {position.container_id for position in first.loops}
    independent = {step.step_id for step in others} | {first.step_id}
    names = Names(name for step in steps for name in (step.block_id, step.label))
    found = []
    for step in in_execution_order(steps):
        if step.step_id in independent or step.status in (
            Status.COMPLETED,
            Status.RUNNING,
            Status.AWAITING_REVIEW,
        ):
            continue
        fell = step.step_id in below or (step.status == Status.ERROR and step.block_id in around)
        if fell or (
            step.status != Status.ERROR and _never_ran_after(step, first, dependencies, names)
        ):
            found.append(step.step_id)
    return tuple(found)


def _never_ran_after(
    step: StepSummary, first: StepSummary, dependencies: Dependencies, names: Names
) -> bool:
    reason = step.reason or ""
    said = names.taken_out_of(reason)
    # Where the block that failed was to choose, no branch was left out for another.
    if first.type not in _ROUTER_TYPES and _is_left_out(said.lower()):
        return False
    if dependencies.depends(step, first):
        return True
    if step.status == Status.PENDING:
        return step.started_at is None and not isinstance(dependencies, GraphDependencies)
    if Names((first.block_id, first.step_id)).stand_in(reason):
        return True
    found = kind_in_words(said)
    return found is not None and found.kind == FailureKind.MISSING_INPUT


def _is_left_out(reason: str) -> bool:
    return any(word in reason for word in ("branch", "condition", "not taken", "not selected"))


def _without_failed_step(run: Run, steps: Sequence[StepSummary]) -> Cause:
    """The run failed and no step did: before the first one, or out of sight."""
    failure = run.failure or Failure()
    details = failure.details
    named = [step for step in steps if _is_hinted(run, step)] or [
        step for step in steps if details is not None and step.block_id == details.block_id
    ]
    step = in_execution_order(named)[0] if named else None
    verdict = classify(failure, step)
    reason = (
        "the step that the run names"
        if step
        else "the run itself says so: no step that was read failed"
    )
    return Cause(
        step=step,
        message=failure.message or (details.message if details else "") or "",
        stage=failure.stage,
        category=failure.category,
        kind=verdict.kind,
        suggestion=verdict.suggestion,
        reasons=(reason, verdict.reason),
    )


def _waiting(run: Run, steps: Sequence[StepSummary]) -> Cause:
    waiting = [step for step in steps if step.status == Status.AWAITING_REVIEW] or [
        step for step in steps if step.block_id in run.waiting_for_block_ids
    ]
    own = {position.container_id for step in waiting for position in step.loops}
    ordered = in_execution_order([step for step in waiting if step.block_id not in own])
    step = ordered[0] if ordered else None
    name = (step.label or step.block_id) if step else ", ".join(run.waiting_for_block_ids)
    return Cause(
        step=step,
        message=f"waits for the review of {name}" if name else "waits for a review",
        stage=None,
        category=None,
        kind=FailureKind.WAITING_FOR_REVIEW,
        suggestion=CATALOGUE[FailureKind.WAITING_FOR_REVIEW].suggestion,
        reasons=("the status of the run is awaiting_review",),
        others=tuple(each.step_id for each in ordered[1:]),
    )


def _cancelled(run: Run, steps: Sequence[StepSummary]) -> Cause:
    """Where it was when it was cancelled: the first started step that was cut off."""
    cut_off = [step for step in steps if step.status == Status.CANCELLED]
    around = {position.container_id for step in cut_off for position in step.loops}
    inner = in_execution_order([step for step in cut_off if step.block_id not in around])
    step = inner[0] if inner else None
    message = run.reason or (step.reason if step else None)
    message = message or (run.failure.message if run.failure else "")
    return Cause(
        step=step,
        message=message or "",
        stage=None,
        category=None,
        kind=FailureKind.CANCELLED,
        suggestion=CATALOGUE[FailureKind.CANCELLED].suggestion,
        reasons=("the status of the run is cancelled",),
        downstream=tuple(each.step_id for each in inner[1:]),
        others=tuple(each.step_id for each in failed_on_their_own(steps)),
    )
