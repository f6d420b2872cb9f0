"""get_run: why a run failed, is waiting or finished wrong."""

from datetime import datetime
from typing import ClassVar

from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.analysis.lineage.suspicious_inputs import Suspicion
from retab_mcp.analysis.loops.same_ids import same_id_note, same_ids
from retab_mcp.analysis.loops.step_order import count_by_status
from retab_mcp.analysis.step_ids import short_step_id
from retab_mcp.answers.common.answer import Answer, NextCall, Part, Truncated
from retab_mcp.answers.common.cause import CausePart
from retab_mcp.answers.common.findings import FindingPart, finding_groups
from retab_mcp.answers.common.history_part import HistoryPart, history_part, with_history_calls
from retab_mcp.answers.common.other_steps_parts import (
    DownstreamPart,
    OtherFailuresPart,
    WaitingPart,
    downstream_part,
    other_failures_part,
    review_evidence,
    waiting_part,
)
from retab_mcp.answers.common.restart_part import RestartPart, restart_part
from retab_mcp.answers.common.run_calls import calls_after, suspicions_of
from retab_mcp.answers.common.run_context import (
    INPUTS_BUDGET,
    rest_of_inputs,
    run_inputs,
    trigger_of,
    waited_to_start,
    workflow_of,
)
from retab_mcp.answers.common.running import (
    QueuedStep,
    RunningStep,
    queued_steps,
    running_steps,
)
from retab_mcp.answers.common.step_names import name_of
from retab_mcp.answers.common.step_parts import HandlesPart, handles_part
from retab_mcp.answers.common.time_part import TimePart, time_part
from retab_mcp.digest.digest import Digest, digest
from retab_mcp.digest.text import clip
from retab_mcp.models import FindingKind, Json
from retab_mcp.queries.ids import RUN, read_id
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.run_facts import Explanation
from retab_mcp.queries.run_history import explain_with_history
from retab_mcp.queries.waiting import wait_for_end
from retab_mcp.tools.get_run import GetRun

# Estimated tokens. The message states the cause in the run's own words, so it is cut last.
MESSAGE_BUDGET = 300
EVIDENCE_BUDGET = 350
# One suspicious value.
VALUE_BUDGET = 40
MAX_FINDINGS = 8
# Ids that several steps have.
MAX_SAME_IDS = 3
# The whole answer, which is at most 15 % above: the first answer of a conversation, often one of
# many, so it is smaller than other answers.
ANSWER_BUDGET = 770


class SuspiciousInput(Part):
    """A suspicious value in the failed step's inputs; get_step and trace_value accept its path."""

    path: str
    problem: str
    value: Json = None
    count: int | None = None
    origin: str | None = None

    def _keeps(self, name: str) -> bool:
        return name == "value"


class GetRunAnswer(Answer):
    """A run: first the cause or the findings, then its inputs, times and context.

    `same_ids` counts the steps of ids that several steps have.
    """

    run_id: str
    run_link: str | None = None
    status: str
    step_counts: dict[str, int] = {}
    same_ids: dict[str, int] = {}
    cause: CausePart | None = None
    restart: RestartPart | None = None
    inputs_from: dict[str, str] = {}
    handles: HandlesPart | None = None
    suspicious_inputs: list[SuspiciousInput] = []
    downstream: DownstreamPart | None = None
    other_failures: OtherFailuresPart | None = None
    waiting: WaitingPart | None = None
    findings: list[FindingPart] = []
    running: list[RunningStep] = []
    queued: list[QueuedStep] = []
    history: HistoryPart | None = None
    workflow: dict[str, Json] = {}
    trigger: dict[str, Json] = {}
    created_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    duration_ms: int | None = None
    time: TimePart | None = None
    cost_usd: float | None = None
    metadata: dict[str, Json] = {}
    inputs: Json = None
    unavailable: list[str] = []

    cut_first: ClassVar[tuple[str, ...]] = ("inputs", "metadata", "running", "suspicious_inputs")

    @property
    def budget(self) -> int:
        """Estimated tokens that this answer may take."""
        return ANSWER_BUDGET


async def get_run(inspector: Inspector, request: GetRun) -> GetRunAnswer:
    """Answer one call. Raises RetabError, QuestionError."""
    run = await wait_for_end(inspector, read_id(request.run_id, RUN), request.wait_seconds)
    found, history = await explain_with_history(inspector, run)
    cause, steps = found.cause, found.read.steps
    groups = finding_groups(found.findings, run)
    inputs = run_inputs(run)
    return GetRunAnswer(
        run_id=run.id,
        run_link=inspector.links.link(run.id, run.workflow_id),
        status=run.status,
        step_counts=count_by_status(steps),
        same_ids=_same_ids(found),
        cause=_cause(cause, found) if cause else None,
        restart=restart_part(found.restart),
        inputs_from={
            handle: short_step_id(step.step_id, run.id)
            for handle, step in found.inputs_from.items()
        },
        handles=handles_part(found.expected),
        suspicious_inputs=[_suspicious(one) for one in suspicions_of(found)],
        downstream=downstream_part(cause, steps, run) if cause else None,
        other_failures=other_failures_part(found.others, run),
        waiting=waiting_part(found.waiting, run),
        findings=groups[:MAX_FINDINGS],
        running=running_steps(run, steps, inspector.now()),
        queued=queued_steps(run, steps),
        history=history_part(run, history),
        workflow=workflow_of(run, history.workflow_name if history else None),
        trigger=trigger_of(run),
        created_at=run.created_at if waited_to_start(run) else None,
        started_at=run.started_at,
        completed_at=None if run.started_at and run.elapsed_ms is not None else run.completed_at,
        duration_ms=run.elapsed_ms,
        time=None if _is_stuck(found) else time_part(found.time, run),
        cost_usd=run.cost,
        metadata=digest(run.metadata, INPUTS_BUDGET).value,
        inputs=inputs.value if inputs else None,
        unavailable=list(found.gaps),
        truncated=_truncated(found, groups, inputs),
        next_calls=with_history_calls(calls_after(found), run, history, cause),
    )


def _is_stuck(found: Explanation) -> bool:
    """Return whether a finding says for how long the run has made no progress."""
    return any(one.kind == FindingKind.STUCK for one in found.findings)


def _same_ids(found: Explanation) -> dict[str, int]:
    """Count the steps of ids that several have; the cause says it of its own step."""
    step = found.cause.step if found.cause is not None else None
    told = step.step_id if step is not None else None
    others = ((name, n) for name, n in same_ids(found.read.steps).items() if name != told)
    counts = sorted(others, key=lambda each: -each[1])
    return {short_step_id(name, found.run.id): count for name, count in counts[:MAX_SAME_IDS]}


def _cause(cause: RootCause, found: Explanation) -> CausePart:
    step = cause.step
    name = name_of(step, found.run.id) if step else None
    which = same_id_note(step, found.read.steps) if step else None
    evidence = dict(cause.evidence)
    if found.waiting:
        evidence |= review_evidence(found.waiting[0])
    return CausePart(
        step_id=name["step_id"] if name else None,
        block_id=name["block_id"] if name else None,
        label=name["label"] if name else None,
        type=step.type if step else None,
        message=clip(cause.message, MESSAGE_BUDGET) or None,
        stage=cause.stage,
        category=cause.category,
        kind=cause.kind,
        evidence=digest(evidence, EVIDENCE_BUDGET).value if evidence else None,
        reasons=[*cause.reasons, *([which] if which else [])],
        suggestion=cause.suggestion,
    )


def _suspicious(one: Suspicion) -> SuspiciousInput:
    return SuspiciousInput(
        path=one.path,
        problem=one.problem,
        value=digest(one.value, VALUE_BUDGET).value,
        count=one.count if one.count > 1 else None,
        origin=one.origin,
    )


def _truncated(
    found: Explanation, groups: list[FindingPart], inputs: Digest | None
) -> Truncated | None:
    steps = NextCall(tool="list_steps", arguments={"run_id": found.run.id})
    if not found.read.complete:
        count = len(found.read.steps)
        return Truncated(shown=count, at_least=count, unit="steps", why=found.read.why, next=steps)
    if len(groups) > MAX_FINDINGS:
        return Truncated(shown=MAX_FINDINGS, total=len(groups), unit="findings", next=steps)
    return rest_of_inputs(found.run, inputs) if inputs and inputs.truncated else None
