"""Find the root cause of a run's outcome: the failed step that the other failures depend on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from retab_mcp.analysis.cause.choice.agreement import NO_RECORDS, Records
from retab_mcp.analysis.cause.choice.candidates import failed_on_their_own, tolerated_failures
from retab_mcp.analysis.cause.choice.loop_output import loop_behind
from retab_mcp.analysis.cause.choice.root_choice import (
    MAX_COMPARED,
    choose_root,
    is_hinted,
    is_message_of,
)
from retab_mcp.analysis.cause.classify import classify
from retab_mcp.analysis.cause.downstream import downstream_of
from retab_mcp.analysis.cause.evidence.failure_report import failure_report
from retab_mcp.analysis.cause.evidence.generic_messages import is_generic
from retab_mcp.analysis.cause.failure_kinds import CATALOGUE, NO_STEP_SUGGESTION
from retab_mcp.analysis.cause.word_dependencies import Dependencies, WordDependencies
from retab_mcp.analysis.lineage.dependencies import GraphDependencies
from retab_mcp.analysis.loops.step_order import in_execution_order
from retab_mcp.analysis.operations import evidence
from retab_mcp.models import (
    Artifact,
    ErrorDetails,
    Failure,
    FailureKind,
    Graph,
    Json,
    Run,
    Status,
    StepSummary,
)

# A run with one of these statuses has no root cause, or none yet.
_NOTHING_WRONG = frozenset(
    {Status.PENDING, Status.QUEUED, Status.RUNNING, Status.COMPLETED, Status.SKIPPED}
)

# Kinds of failure that no input explains.
_WHATEVER_THE_INPUTS = frozenset(
    {
        *(FailureKind.CALLED_API_DOWN, FailureKind.TIMEOUT, FailureKind.RATE_LIMITED),
        *(FailureKind.CREDITS_EXHAUSTED, FailureKind.STORAGE),
    }
)


@dataclass(frozen=True, slots=True)
class RootCause:
    """Why a run failed, is waiting or was cancelled.

    `step` is None where no step shows it. `suggestion` is what to do about the `kind`, `reasons`
    are the facts that point to the step and to the kind. `downstream` are ids of steps that
    failed, or never ran, because of it, `others` of steps that failed independently, `tolerated`
    of steps that failed in loops that completed. `details` are those of the error, `evidence` is
    what the step's records show, empty until `with_record`.
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
    tolerated: tuple[str, ...] = ()
    evidence: dict[str, Json] = field(default_factory=dict)
    details: ErrorDetails | None = None


def find_cause(
    run: Run,
    steps: Sequence[StepSummary],
    graph: Graph | None = None,
    passed_on: Dependencies | None = None,
    seen: Records = NO_RECORDS,
) -> RootCause | None:
    """Return why `run` failed, is waiting or was cancelled; None for other statuses.

    `steps` can be incomplete and in any order. Dependencies come from `graph` (the graph that the
    run executed), else from `passed_on` and the order in time; `seen` are the failed steps' own
    records. The API's `failing_step_id` only decides between steps that are equal otherwise.
    """
    if run.status in _NOTHING_WRONG:
        return None
    if run.status == Status.AWAITING_REVIEW:
        return _waiting(run, steps)
    if run.status == Status.CANCELLED:
        return _cancelled(run, steps)
    failed = failed_on_their_own(steps)
    if not failed:
        return _without_failed_step(run, steps)
    return _failed(run, steps, failed, dependencies_of(steps, graph, passed_on), seen)


def with_record(
    cause: RootCause, artifact: Artifact | None, inputs: Mapping[str, Json] | None = None
) -> RootCause:
    """Return `cause` with what the records of its step show, and its kind decided again.

    `inputs` are the handles of the step, None if they were not read.
    """
    if cause.kind in (FailureKind.CANCELLED, FailureKind.WAITING_FOR_REVIEW):
        return replace(cause, evidence=evidence(artifact, cause.message)) if artifact else cause
    failure = Failure(
        message=cause.message, stage=cause.stage, category=cause.category, details=cause.details
    )
    verdict = classify(failure, cause.step, artifact)
    sent = None if verdict.kind in _WHATEVER_THE_INPUTS else inputs or {}
    own = failure_report(failure, cause.step, artifact, sent)
    origin = (own.origin,) if own.origin else ()
    return replace(
        cause,
        message=own.message,
        evidence=own.evidence,
        kind=verdict.kind,
        suggestion=verdict.suggestion if artifact or cause.step else cause.suggestion,
        reasons=(*cause.reasons[:-1], *origin, verdict.reason),
    )


def with_details_of(cause: RootCause, step: StepSummary) -> RootCause:
    """Return `cause` with the details of the error in `step`, another record of the same step."""
    details = step.failure.details if step.failure is not None else None
    return replace(cause, details=_merged(cause.details, details))


def cause_of_step(
    step: StepSummary,
    artifact: Artifact | None = None,
    inputs: Mapping[str, Json] | None = None,
) -> RootCause:
    """Return why a step failed, by its own records, whatever the rest of its run did.

    `inputs` are the handles of the step, None if they were not read.
    """
    failure = step.failure or Failure()
    message = failure.message or (failure.details.message if failure.details else "") or ""
    verdict = classify(failure, step)
    cause = RootCause(
        step=step,
        message=message,
        stage=failure.stage,
        category=failure.category,
        kind=verdict.kind,
        suggestion=verdict.suggestion,
        reasons=(verdict.reason,),
        details=failure.details,
    )
    return with_record(cause, artifact, inputs)


def dependencies_of(
    steps: Sequence[StepSummary], graph: Graph | None, passed_on: Dependencies | None
) -> tuple[Dependencies, str]:
    """Return the best dependencies known, and a phrase that names their source."""
    if graph is not None and graph.edges:
        by_graph = GraphDependencies(graph)
        if any(by_graph.knows(step) for step in steps):
            return by_graph, "in the executed graph"
    if passed_on is not None:
        return WordDependencies(steps, passed_on), "by the files that steps passed on, then by time"
    return WordDependencies(steps), "by time"


def _failed(
    run: Run,
    steps: Sequence[StepSummary],
    failed: list[StepSummary],
    known: tuple[Dependencies, str],
    seen: Records,
) -> RootCause:
    dependencies, source = known
    choice = choose_root(run, failed, dependencies, source, seen)
    tolerated = tolerated_failures(steps)
    loop = loop_behind(
        choice.root,
        classify(choice.root.failure, choice.root, seen.artifacts.get(choice.root.step_id)).kind,
        tolerated,
        steps,
        dependencies,
        seen.lacking,
    )
    root, reason = choice.root, choice.reason
    if loop is not None:
        root, reason = loop.failed[0], f"{choice.root.block_id} lacks its output: {loop.reason}"
    elif tolerated and len(failed) == 1:
        reason = "the only failed step outside loops that completed"
    elif len(failed) == 1 and _failed_loops_around(root, steps):
        reason = "the only failed step inside the loops that failed with it"
    below = {step.step_id for step in failed if dependencies.depends(step, root)}
    if loop is not None:
        below.add(choice.root.step_id)
        below |= {s.step_id for s in failed if dependencies.depends(s, choice.root)}
    others = [
        step.step_id
        for step in [*choice.independent, *failed[MAX_COMPARED:]]
        if step.step_id not in below and step.step_id != root.step_id
    ]
    failure = _failure_of(run, root)
    verdict = classify(failure, root)
    return RootCause(
        step=root,
        message=failure.message,
        stage=failure.stage,
        category=failure.category,
        kind=verdict.kind,
        suggestion=verdict.suggestion,
        reasons=(reason, verdict.reason),
        downstream=downstream_of(root, steps, below, frozenset(others), dependencies),
        others=tuple(others),
        tolerated=tuple(step.step_id for step in tolerated if step is not root),
        details=failure.details,
    )


def _failed_loops_around(root: StepSummary, steps: Sequence[StepSummary]) -> bool:
    around = {position.container_id for position in root.loops}
    return any(step.status == Status.ERROR and step.block_id in around for step in steps)


def _failure_of(run: Run, step: StepSummary) -> Failure:
    """Return the step's failure, completed from the run's if that is about the same step."""
    failure = step.failure or Failure()
    message = failure.message or (failure.details.message if failure.details else "") or ""
    own = message and not is_message_of(run, step) and not _lacks_message(run, step, message)
    if run.failure is None or own:
        return failure.model_copy(update={"message": message})
    says_more = is_generic(message) and not is_generic(run.failure.message)
    return Failure(
        message=run.failure.message if says_more else message or run.failure.message,
        stage=failure.stage or run.failure.stage,
        category=failure.category or run.failure.category,
        details=_merged(failure.details, run.failure.details),
    )


def _merged(first: ErrorDetails | None, second: ErrorDetails | None) -> ErrorDetails | None:
    """Return the details of both; where both have a field, that of the first."""
    if first is None or second is None:
        return first or second
    known = second.model_dump(exclude_none=True) | first.model_dump(exclude_none=True)
    return ErrorDetails(**known)


def _lacks_message(run: Run, step: StepSummary, message: str) -> bool:
    """Return whether only the run says what went wrong, and about no other step than this one."""
    details = run.failure.details if run.failure is not None else None
    named = (run.failing_step_id, details.block_id if details is not None else None)
    is_other = any(name and name not in (step.step_id, step.block_id) for name in named)
    return is_generic(message) and not is_other


def _without_failed_step(run: Run, steps: Sequence[StepSummary]) -> RootCause:
    """Explain a failed run without a failed step: none was started, or it was not read."""
    failure = run.failure or Failure()
    details = failure.details
    named = [step for step in steps if is_hinted(run, step)] or [
        step for step in steps if details is not None and step.block_id == details.block_id
    ]
    step = in_execution_order(named)[0] if named else None
    verdict = classify(failure, step)
    reason = (
        "the step that the run names" if step else "the run's own error; no failed step was found"
    )
    is_unclear = step is None and verdict.kind == FailureKind.UNKNOWN
    return RootCause(
        step=step,
        message=failure.message or (details.message if details else "") or "",
        stage=failure.stage,
        category=failure.category,
        kind=verdict.kind,
        suggestion=NO_STEP_SUGGESTION if is_unclear else verdict.suggestion,
        reasons=(reason, verdict.reason),
        details=details,
    )


def _waiting(run: Run, steps: Sequence[StepSummary]) -> RootCause:
    waiting = [step for step in steps if step.status == Status.AWAITING_REVIEW] or [
        step for step in steps if step.block_id in run.waiting_for_block_ids
    ]
    around = {position.container_id for step in waiting for position in step.loops}
    ordered = in_execution_order([step for step in waiting if step.block_id not in around])
    step = ordered[0] if ordered else None
    name = (step.label or step.block_id) if step else ", ".join(run.waiting_for_block_ids)
    return RootCause(
        step=step,
        message=f"waiting for the review of {name}" if name else "waiting for a review",
        stage=None,
        category=None,
        kind=FailureKind.WAITING_FOR_REVIEW,
        suggestion=CATALOGUE[FailureKind.WAITING_FOR_REVIEW].suggestion,
        reasons=("the run's status is awaiting_review",),
        others=tuple(each.step_id for each in failed_on_their_own(steps)),
    )


def _cancelled(run: Run, steps: Sequence[StepSummary]) -> RootCause:
    """Explain a cancelled run by the first step that the cancellation interrupted."""
    interrupted = [step for step in steps if step.status == Status.CANCELLED]
    around = {position.container_id for step in interrupted for position in step.loops}
    inner = in_execution_order([step for step in interrupted if step.block_id not in around])
    step = inner[0] if inner else None
    failed = failed_on_their_own(steps)
    message = run.reason or (step.reason if step else None)
    message = message or (run.failure.message if run.failure else "")
    return RootCause(
        step=step,
        message=message or "",
        stage=None,
        category=None,
        kind=FailureKind.CANCELLED,
        suggestion=CATALOGUE[FailureKind.CANCELLED].suggestion,
        reasons=_reasons_of_cancelling(run, step, failed),
        downstream=tuple(each.step_id for each in inner[1:]),
        others=tuple(each.step_id for each in failed),
    )


def _reasons_of_cancelling(
    run: Run, step: StepSummary | None, failed: Sequence[StepSummary]
) -> tuple[str, ...]:
    reasons = ["the run's status is cancelled"]
    if not run.reason and (step is None or not step.reason):
        reasons.append("neither the run nor a step says why")
    if failed:
        reasons.append(f"{failed[0].block_id} had failed before the run ended")
    return tuple(reasons)
