"""The parts of an answer that explain one step: its inputs, the loop inside it, its time."""

from collections.abc import Mapping

from retab_mcp.analysis.cause.failure_kinds import CATALOGUE
from retab_mcp.analysis.cause.other_steps.waiting_steps import WaitingStep
from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.analysis.lineage.missing_inputs import ExpectedInputs
from retab_mcp.analysis.loops.loop_summary import LoopSummary
from retab_mcp.analysis.step_ids import short_step_id
from retab_mcp.analysis.time_account.run_time import WORTH_MS
from retab_mcp.analysis.time_account.step_time import StepTime
from retab_mcp.answers.common.answer import Part
from retab_mcp.answers.common.cause import CausePart
from retab_mcp.answers.common.other_steps_parts import review_evidence
from retab_mcp.answers.common.said_once import details_without_evidence, evidence_without_details
from retab_mcp.digest.digest import digest
from retab_mcp.models import FailureKind, Json, Run, StepSummary
from retab_mcp.models.base import elapsed_ms

# Estimated tokens of the evidence of a step's failure.
EVIDENCE_BUDGET = 300
# Evidence that the details of the step's own error hold as well.
_IN_DETAILS = frozenset({"stack_trace", "error_code"})


class HandlesPart(Part):
    """The input handles by the graph; `missing` names each one's block and its status."""

    expected: list[str]
    arrived: list[str]
    missing: dict[str, str] = {}

    def _keeps(self, name: str) -> bool:
        # That nothing arrived is the point.
        return name == "arrived"


class FailingIteration(Part):
    """An iteration that failed, counted from 0."""

    iteration_from_0: int | None = None
    step_id: str
    message: str | None = None


class TallyPart(Part):
    """What happened inside a loop."""

    iterations: int
    step_counts: dict[str, int]
    failing_iterations: int | None = None
    failing: list[FailingIteration] = []


class StepTimePart(Part):
    """Milliseconds of a step by what they went into; `attempt` counts from 1."""

    queued_ms: int | None = None
    active_ms: int | None = None
    waiting_for_review_ms: int | None = None
    between_attempts_ms: int | None = None
    attempt: int | None = None


def handles_part(inputs: ExpectedInputs | None) -> HandlesPart | None:
    """Return the input handles of a step as a part of an answer, None if all arrived."""
    if inputs is None or not inputs.missing:
        return None
    return HandlesPart(
        expected=list(inputs.expected), arrived=list(inputs.arrived), missing=dict(inputs.missing)
    )


def tally_part(loop: LoopSummary | None, run: Run) -> TallyPart | None:
    """Return what happened inside a loop as a part of an answer."""
    if loop is None:
        return None
    return TallyPart(
        iterations=loop.iterations,
        step_counts=loop.step_counts,
        failing_iterations=loop.failing_count or None,
        failing=[
            FailingIteration(
                iteration_from_0=one.iteration,
                step_id=short_step_id(one.step_id, run.id),
                message=one.message or None,
            )
            for one in loop.failing
        ],
    )


def step_time_part(
    step: StepSummary, time: StepTime | None, sources: Mapping[str, StepSummary]
) -> StepTimePart | None:
    """Return what the time of a step went into, None if all of it was the step's own work.

    It was queued since the last of its `sources` ended, if these are known.
    """
    ends = [source.completed_at for source in sources.values() if source.completed_at is not None]
    queued = elapsed_ms(max(ends, default=None), step.started_at) or 0
    queued = queued if queued >= WORTH_MS else 0
    attempt = step.retry_count + 1 if step.retry_count and step.completed_at is None else None
    waits = time is not None and (time.review_ms or time.backoff_ms)
    if not (queued or attempt or waits):
        return None
    return StepTimePart(
        queued_ms=queued or None,
        active_ms=time.active_ms if time is not None else None,
        waiting_for_review_ms=(time.review_ms or None) if time is not None else None,
        between_attempts_ms=(time.backoff_ms or None) if time is not None else None,
        attempt=attempt,
    )


def explained(
    part: CausePart | None, cause: RootCause | None, waiting: WaitingStep | None = None
) -> CausePart | None:
    """Return the cause in a step's record, completed with its kind, evidence and suggestion."""
    if waiting is not None:
        return CausePart(
            kind=FailureKind.WAITING_FOR_REVIEW,
            evidence=review_evidence(waiting) or None,
            suggestion=CATALOGUE[FailureKind.WAITING_FOR_REVIEW].suggestion,
        )
    if cause is None:
        return part
    details = part.details if part is not None and isinstance(part.details, dict) else {}
    evidence = {
        name: value
        for name, value in cause.evidence.items()
        if not (name in _IN_DETAILS and details.get(name))
    }
    evidence = evidence_without_details(details, evidence)
    details = details_without_evidence(evidence, details)
    return CausePart(
        message=cause.message or (part.message if part is not None else None) or None,
        stage=cause.stage,
        category=cause.category,
        kind=cause.kind,
        evidence=digest(evidence, EVIDENCE_BUDGET, derived=True).value if evidence else None,
        reasons=list(cause.reasons),
        suggestion=cause.suggestion,
        details=details or None,
    )


def context_record(
    own: dict[str, Json] | None,
    cause: CausePart | None,
    around: Mapping[str, Part | Json],
) -> dict[str, Json]:
    """Return what explains a step as parts of its record, so that paths lead into it.

    `own` is the error in the step's record, which has its details in full.
    """
    record: dict[str, Json] = {name: _as_json(part) for name, part in around.items() if part}
    if cause is not None:
        found = cause.model_dump(mode="json")
        record["cause"] = {**found, "details": (own or {}).get("details")}
        if not record["cause"]["details"]:
            del record["cause"]["details"]
    return record


def _as_json(part: Part | Json) -> Json:
    if isinstance(part, list):
        return [_as_json(each) for each in part]
    return part.model_dump(mode="json") if isinstance(part, Part) else part
