"""get_run: why a run failed, is waiting or finished wrong."""

from datetime import datetime

from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.lineage.suspicious_inputs import Suspicion
from retab_mcp.analysis.loops.step_order import count_by_status
from retab_mcp.analysis.records import to_iso_time
from retab_mcp.analysis.step_ids import short_step_id
from retab_mcp.answers.common.answer import Answer, NextCall, Part, Truncated
from retab_mcp.answers.common.calls import list_failures_of, read_artifact, read_step
from retab_mcp.answers.common.cause import CausePart
from retab_mcp.answers.common.step_names import name_of
from retab_mcp.answers.common.truncation import whole_is_shorter
from retab_mcp.digest.digest import Digest, digest
from retab_mcp.digest.text import clip
from retab_mcp.models import Json, Run, Status
from retab_mcp.models.base import elapsed_ms
from retab_mcp.queries.explanation import explain
from retab_mcp.queries.ids import RUN, read_id
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.run_facts import Explanation
from retab_mcp.queries.waiting import wait_for_end
from retab_mcp.tools.get_run import MAX_WAIT_SECONDS, GetRun

# Estimated tokens. The message states the cause in the run's own words, so it is cut last.
MESSAGE_BUDGET = 300
EVIDENCE_BUDGET = 350
# The inputs of the run are context, not the answer.
INPUTS_BUDGET = 120
# The message of one finding.
FINDING_BUDGET = 60
# One suspicious value.
VALUE_BUDGET = 40
# Maximum ids of downstream steps and of other failures; `count` counts all.
MAX_STEP_IDS = 5
# Maximum running steps shown; a parallel loop may run hundreds.
MAX_RUNNING = 5
MAX_FINDINGS = 8
MAX_SUSPICIOUS = 3
# A run that waited at least this long to start is worth reporting as queued.
QUEUED_SECONDS = 10

# Kinds of failure that inputs can explain; they do not explain, say, a called API that is down.
INPUT_KINDS = frozenset(
    {
        *("called_api_refused", "schema_violation", "missing_input", "function_exception"),
        *("routing", "loop_limit", "unknown"),
    }
)


# Keys of evidence that show nothing about the inputs.
WITHOUT_INPUTS = frozenset({"error_code", "error", "stack_trace", "stdout", "duration_ms"})

# Triggers of runs started by hand or by an API call, which explain nothing. A tuple, since a server
# may send an unhashable type.
PLAIN_TRIGGERS = (None, "api", "manual")


class Steps(Part):
    """Several steps: their number, and the ids of the first ones."""

    count: int
    step_ids: list[str]


class RunningStep(Part):
    """A step that is running."""

    step_id: str
    block_id: str | None = None
    type: str | None = None
    label: str | None = None
    running_ms: int | None = None


class FindingPart(Part):
    """A finding about `count` steps of a block; `step_id` is the first of them."""

    kind: str
    message: str
    step_id: str | None = None
    block_id: str | None = None
    count: int | None = None
    paths: list[str] = []
    reason: str | None = None


class SuspiciousInput(Part):
    """A suspicious value in the failed step's inputs; get_step accepts its path."""

    path: str
    problem: str
    value: Json = None
    count: int | None = None

    def _keeps(self, name: str) -> bool:
        return name == "value"


class GetRunAnswer(Answer):
    """A run: first the cause or the findings, then its inputs, times and context."""

    run_id: str
    status: str
    step_counts: dict[str, int] = {}
    cause: CausePart | None = None
    inputs_from: dict[str, str] = {}
    suspicious_inputs: list[SuspiciousInput] = []
    downstream: Steps | None = None
    other_failures: Steps | None = None
    findings: list[FindingPart] = []
    running: list[RunningStep] = []
    workflow: dict[str, Json] = {}
    trigger: dict[str, Json] = {}
    created_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    duration_ms: int | None = None
    cost_usd: float | None = None
    metadata: dict[str, Json] = {}
    inputs: Json = None
    unavailable: list[str] = []


async def get_run(inspector: Inspector, request: GetRun) -> GetRunAnswer:
    """Answer one call. Raises RetabError, QuestionError."""
    run = await wait_for_end(inspector, read_id(request.run_id, RUN), request.wait_seconds)
    found = await explain(inspector, run)
    cause = found.cause
    groups = _finding_groups(found.findings, run)
    inputs = _inputs(run)
    return GetRunAnswer(
        run_id=run.id,
        status=run.status,
        step_counts=count_by_status(found.read.steps),
        cause=_cause(cause, found) if cause else None,
        inputs_from={
            handle: short_step_id(step.step_id, run.id)
            for handle, step in found.inputs_from.items()
        },
        suspicious_inputs=[_suspicious(one) for one in _suspicions(found)],
        downstream=_several(cause.downstream, run) if cause else None,
        other_failures=_several(cause.others, run) if cause else None,
        findings=groups[:MAX_FINDINGS],
        running=_running(found, inspector),
        workflow=_workflow(run),
        trigger=_trigger(run),
        created_at=run.created_at if _waited_to_start(run) else None,
        started_at=run.started_at,
        completed_at=None if run.started_at and run.elapsed_ms is not None else run.completed_at,
        duration_ms=run.elapsed_ms,
        cost_usd=run.cost,
        metadata=digest(run.metadata, INPUTS_BUDGET).value,
        inputs=inputs.value if inputs else None,
        unavailable=list(found.gaps),
        truncated=_truncated(found, groups, inputs),
        next_calls=_next_calls(found),
        # File names and error messages are third-party text, as data is.
        untrusted_text=bool(run.inputs.documents or run.inputs.json_data or cause) or None,
    )


def _workflow(run: Run) -> dict[str, Json]:
    known = {"id": run.workflow_id, "name": run.workflow_name}
    return {name: value for name, value in known.items() if value is not None}


def _trigger(run: Run) -> dict[str, Json]:
    """Return what started the run, {} if that was a plain API call or a person."""
    return run.trigger if run.trigger.get("type") not in PLAIN_TRIGGERS else {}


def _waited_to_start(run: Run) -> bool:
    """Return whether the run was created well before it started, or times are missing."""
    if run.created_at is None or run.started_at is None:
        return True
    return (run.started_at - run.created_at).total_seconds() >= QUEUED_SECONDS


def _inputs(run: Run) -> Digest | None:
    documents = {block: _document(each) for block, each in run.inputs.documents.items()}
    inputs = {"documents": documents, "json_data": run.inputs.json_data}
    present = {name: value for name, value in inputs.items() if value}
    if not present:
        return None
    part = digest(present, INPUTS_BUDGET)
    if part.truncated and whole_is_shorter(present, part.value, _rest_of_inputs(run, part)):
        return Digest(present, part.total, part.total, False, ())
    return part


def _document(ref: Json) -> Json:
    """Return a file without its id, which no tool accepts, if it has a name."""
    if not isinstance(ref, dict) or not ref.get("filename"):
        return ref
    return {name: value for name, value in ref.items() if name != "id"}


def _rest_of_inputs(run: Run, inputs: Digest) -> Truncated:
    """Return what was left out; the start block's step outputs the JSON inputs in full."""
    block = next(iter(run.inputs.json_data), None)
    following = None
    if block is not None:
        arguments = {"run_id": run.id, "step_id": block, "path": "/handle_outputs"}
        following = NextCall(tool="get_step", arguments=arguments)
    return Truncated(shown=inputs.shown, total=inputs.total, unit="values", next=following)


def _cause(cause: RootCause, found: Explanation) -> CausePart:
    step = cause.step
    name = name_of(step, found.run.id) if step else None
    evidence = dict(cause.evidence)
    if found.reviews:
        review = found.reviews[-1]
        evidence |= {
            "review_id": review.id,
            "triggered_by": review.triggered_by,
            "waiting_since": to_iso_time(review.created_at) if review.created_at else None,
        }
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
        reasons=list(cause.reasons),
        suggestion=cause.suggestion,
    )


def _several(step_ids: tuple[str, ...], run: Run) -> Steps | None:
    if not step_ids:
        return None
    first = [short_step_id(step_id, run.id) for step_id in step_ids[:MAX_STEP_IDS]]
    return Steps(count=len(step_ids), step_ids=first)


def _suspicions(found: Explanation) -> list[Suspicion]:
    if found.suspicious is None or found.cause is None or found.cause.kind not in INPUT_KINDS:
        return []
    return found.suspicious.first[:MAX_SUSPICIOUS]


def _suspicious(one: Suspicion) -> SuspiciousInput:
    return SuspiciousInput(
        path=one.path,
        problem=one.problem,
        value=digest(one.value, VALUE_BUDGET).value,
        count=one.count if one.count > 1 else None,
    )


def _finding_groups(findings: tuple[Finding, ...], run: Run) -> list[FindingPart]:
    """Return the findings, grouped by kind and block, worst first."""
    groups: dict[tuple[str, str | None], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.kind, finding.block_id), []).append(finding)
    return [_finding(group, run) for group in groups.values()]


def _finding(group: list[Finding], run: Run) -> FindingPart:
    first = group[0]
    step_id = short_step_id(first.step_id, run.id) if first.step_id else None
    return FindingPart(
        kind=first.kind,
        message=clip(first.message, FINDING_BUDGET),
        step_id=step_id,
        block_id=first.block_id if first.block_id != step_id else None,
        count=len(group) if len(group) > 1 else None,
        paths=list(first.paths),
        reason=first.reason,
    )


def _running(found: Explanation, inspector: Inspector) -> list[RunningStep]:
    return [
        RunningStep(
            **name_of(step, found.run.id),
            type=step.type,
            running_ms=elapsed_ms(step.started_at, inspector.now()),
        )
        for step in found.read.steps
        if step.status == Status.RUNNING
    ][:MAX_RUNNING]


def _truncated(
    found: Explanation, groups: list[FindingPart], inputs: Digest | None
) -> Truncated | None:
    steps = NextCall(tool="list_steps", arguments={"run_id": found.run.id})
    if not found.read.complete:
        count = len(found.read.steps)
        return Truncated(shown=count, at_least=count, unit="steps", why=found.read.why, next=steps)
    if len(groups) > MAX_FINDINGS:
        return Truncated(shown=MAX_FINDINGS, total=len(groups), unit="findings", next=steps)
    return _rest_of_inputs(found.run, inputs) if inputs and inputs.truncated else None


def _next_calls(found: Explanation) -> list[NextCall]:
    """Suggest calls that add to this answer.

    They read the root-cause step's inputs, its artifact, the other failures in its loop or the
    artifact behind a finding, or wait for the end of the run.
    """
    cause = found.cause
    if found.run.status in {Status.PENDING, Status.QUEUED, Status.RUNNING}:
        arguments = {"run_id": found.run.id, "wait_seconds": MAX_WAIT_SECONDS}
        return [NextCall(tool="get_run", arguments=arguments)]
    if cause is None:
        return _calls_for_findings(found)
    if cause.step is None:
        # The run may name a failing step that the list lacks.
        named = found.run.failing_step_id
        return [read_step(found.run.id, named)] if named and not found.read.complete else []
    calls = []
    unread = found.step is None or not found.read.complete
    if unread or _inputs_would_help(found, cause):
        reason = "inputs of the root-cause step"
        calls.append(read_step(found.run.id, cause.step.step_id, reason=reason))
    ref = cause.step.artifact or (found.step.artifact if found.step else None)
    if ref is not None and not cause.evidence:
        calls.append(read_artifact(ref))
    if cause.others and cause.step.loops:
        loop = cause.step.loops[0].container_id
        calls.append(list_failures_of(found.run.id, loop, "other failures in this loop"))
    return calls


def _inputs_would_help(found: Explanation, cause: RootCause) -> bool:
    """Return whether inputs may explain the failure and this answer shows none of them."""
    if cause.kind not in INPUT_KINDS or _suspicions(found):
        return False
    return not set(cause.evidence) - WITHOUT_INPUTS


def _calls_for_findings(found: Explanation) -> list[NextCall]:
    by_id = {step.step_id: step for step in found.read.steps}
    for finding in found.findings:
        step = by_id.get(finding.step_id or "")
        # No artifact shows why a step was slow.
        if step is not None and finding.kind != "slow_step":
            ref = step.artifact
            return [read_artifact(ref) if ref else read_step(found.run.id, step.step_id)]
    return []
