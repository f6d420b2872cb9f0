"""The parts of an answer about the steps next to the root cause."""

from datetime import datetime

from retab_mcp.analysis.cause.other_steps.other_failures import AlikeFailures, OtherFailures
from retab_mcp.analysis.cause.other_steps.waiting_steps import WaitingStep
from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.analysis.records import to_iso_time
from retab_mcp.analysis.step_ids import short_step_id
from retab_mcp.answers.common.answer import Part
from retab_mcp.digest.digest import digest
from retab_mcp.digest.text import clip
from retab_mcp.models import Json, Run, Status, StepSummary

# Estimated tokens of the message and of the evidence of one failure: get_step has all of it.
MESSAGE_BUDGET = 50
EVIDENCE_BUDGET = 50
# Maximum ids of steps; `count` counts all.
MAX_STEP_IDS = 5
MAX_WAITING = 5
# Facts about a call that say nothing about why it failed.
_OF_THE_CALL = frozenset({"attempts", "method", "url", "duration_ms"})


class FailurePart(Part):
    """Failed steps of a block with the same message; id, message and evidence are the first's.

    `iterations_from_0` are those of its loop, `items` what they worked on.
    """

    step_id: str
    block_id: str | None = None
    message: str | None = None
    kind: str
    evidence: Json = None
    count: int | None = None
    iterations_from_0: list[int] = []
    items: list[str] = []
    completed_loop: str | None = None


class OtherFailuresPart(Part):
    """The failures that the cause does not explain; `step_ids` where `failures` do not name all."""

    count: int
    step_ids: list[str] = []
    failures: list[FailurePart] = []


class DownstreamPart(Part):
    """The steps that failed or never ran because of the cause, and the first other message."""

    count: int
    step_ids: list[str]
    message: str | None = None


class WaitingPart(Part):
    """The steps that wait for a review, and the first of them."""

    count: int
    steps: list["WaitingStepPart"]


class WaitingStepPart(Part):
    """A step that waits for a person."""

    step_id: str
    block_id: str | None = None
    review_id: str | None = None
    since: datetime | None = None


def other_failures_part(others: OtherFailures | None, run: Run) -> OtherFailuresPart | None:
    """Return the other failures as a part of an answer."""
    if others is None:
        return None
    named = all(group.count == 1 for group in others.groups)
    all_named = named and len(others.groups) == others.count
    first = [] if all_named else others.step_ids[:MAX_STEP_IDS]
    return OtherFailuresPart(
        count=others.count,
        step_ids=[short_step_id(step_id, run.id) for step_id in first],
        failures=[_failure(group, run) for group in others.groups],
    )


def downstream_part(
    cause: RootCause, steps: tuple[StepSummary, ...], run: Run
) -> DownstreamPart | None:
    """Return the steps downstream of the cause as a part of an answer."""
    if not cause.downstream:
        return None
    below = set(cause.downstream)
    messages = [
        step.failure.message
        for step in steps
        if step.step_id in below and step.status == Status.ERROR and step.failure is not None
    ]
    new = next((one for one in messages if one.strip() and one.strip() not in cause.message), None)
    return DownstreamPart(
        count=len(cause.downstream),
        step_ids=[short_step_id(each, run.id) for each in cause.downstream[:MAX_STEP_IDS]],
        message=clip(new, MESSAGE_BUDGET) if new else None,
    )


def waiting_part(waiting: tuple[WaitingStep, ...], run: Run) -> WaitingPart | None:
    """Return the waiting steps as a part of an answer, None for one: the cause names it."""
    if len(waiting) < 2:
        return None
    return WaitingPart(
        count=len(waiting), steps=[_waiting_step(each, run) for each in waiting[:MAX_WAITING]]
    )


def review_evidence(waiting: WaitingStep) -> dict[str, Json]:
    """Return the pending review of a waiting step as evidence, or since when it waits.

    Where that is not recorded, the start of the step is: it waits since some time after that.
    """
    review = waiting.review
    found: dict[str, Json] = {}
    if review is not None:
        found = {"review_id": review.id, "triggered_by": review.triggered_by}
    if waiting.since is not None:
        found["waiting_since"] = to_iso_time(waiting.since)
    elif waiting.step.started_at is not None:
        found["step_started_at"] = to_iso_time(waiting.step.started_at)
    return found


def _waiting_step(waiting: WaitingStep, run: Run) -> WaitingStepPart:
    step_id = short_step_id(waiting.step.step_id, run.id)
    return WaitingStepPart(
        step_id=step_id,
        block_id=waiting.step.block_id if waiting.step.block_id != step_id else None,
        review_id=waiting.review.id if waiting.review is not None else None,
        since=waiting.since,
    )


def _failure(group: AlikeFailures, run: Run) -> FailurePart:
    step_id = short_step_id(group.step.step_id, run.id)
    facts = {name: each for name, each in group.evidence.items() if name not in _OF_THE_CALL}
    evidence = digest(facts, EVIDENCE_BUDGET, derived=True).value
    return FailurePart(
        step_id=step_id,
        block_id=group.step.block_id if group.step.block_id != step_id else None,
        message=clip(group.message, MESSAGE_BUDGET) or None,
        kind=group.kind,
        evidence=evidence or None,
        count=group.count if group.count > 1 else None,
        iterations_from_0=list(group.iterations),
        items=[clip(name, MESSAGE_BUDGET) for name in group.items],
        completed_loop=group.completed_loop,
    )
