"""get_run: what became of a run, and why."""

from datetime import datetime

from retab_mcp.digest.digest import digest
from retab_mcp.digest.text import clip
from retab_mcp.insight.loops import tally
from retab_mcp.inspector.explanation import Explanation, explain
from retab_mcp.inspector.ids import RUN, read_id
from retab_mcp.inspector.inspector import Inspector
from retab_mcp.models import RUNNING, Json, Run
from retab_mcp.tools.answer import Answer, Cause, NextCall, Part, Truncated
from retab_mcp.tools.get_step import read_artifact, read_step
from retab_mcp.tools.parameters import RunId
from retab_mcp.tools.records import run_workflow

# Tokens by estimate. The message is the cause in the run's own words: cut last.
MESSAGE_BUDGET = 300
EVIDENCE_BUDGET = 350
# What the run was started with is context, not the answer.
INPUTS_BUDGET = 150
# Ids of steps that never ran or failed because of the cause: the count says the rest.
MAX_FALL_OUT = 10
# Steps that run at the moment; a parallel loop may run hundreds.
MAX_RUNNING = 5

DESCRIPTION = """\
What became of a workflow run and why: status, timing, tally of steps and, for a run that failed, \
waits or was cancelled, the step at the root of it with message, kind of failure and evidence. \
The first call for any question about a run. list_steps shows all steps, get_step one of them."""


class FallOut(Part):
    """Steps that failed or never ran because of the cause."""

    count: int
    step_ids: list[str]


class RunningStep(Part):
    """A step that runs now."""

    step_id: str
    block_id: str | None = None
    type: str | None = None
    label: str | None = None
    started_at: datetime | None = None


class GetRunAnswer(Answer):
    """A run."""

    run_id: str
    status: str
    workflow: dict[str, Json] = {}
    trigger: dict[str, Json] = {}
    created_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    duration_ms: int | None = None
    cost_usd: float | None = None
    metadata: dict[str, Json] = {}
    inputs: Json = None
    steps: dict[str, int] = {}
    cause: Cause | None = None
    check: str | None = None
    fall_out: FallOut | None = None
    other_failures: FallOut | None = None
    running: list[RunningStep] = []
    not_read: list[str] = []


async def get_run(inspector: Inspector, run_id: RunId) -> GetRunAnswer:
    """Answer one call. Raises RetabError, QuestionError."""
    run = await inspector.run(read_id(run_id, RUN))
    found = await explain(inspector, run)
    cause = found.cause
    return GetRunAnswer(
        run_id=run.id,
        status=run.status,
        workflow=run_workflow(run),
        trigger=run.trigger,
        created_at=run.created_at,
        started_at=run.started_at,
        completed_at=run.completed_at,
        duration_ms=run.elapsed_ms,
        cost_usd=run.cost,
        metadata=run.metadata,
        inputs=_inputs(run),
        steps=tally(found.read.steps),
        cause=_cause(found),
        check=cause.check if cause else None,
        fall_out=_several(cause.fall_out) if cause else None,
        other_failures=_several(cause.others) if cause else None,
        running=_running(found),
        not_read=found.gaps,
        truncated=_truncated(found),
        next_calls=_next_calls(found),
        document_text=bool(run.inputs.json_data or (cause and cause.evidence)) or None,
    )


def _inputs(run: Run) -> Json:
    inputs = {"documents": run.inputs.documents, "json_data": run.inputs.json_data}
    present = {name: value for name, value in inputs.items() if value}
    return digest(present, INPUTS_BUDGET).value if present else None


def _cause(found: Explanation) -> Cause | None:
    cause = found.cause
    if cause is None:
        return None
    step = cause.step
    return Cause(
        step_id=step.step_id if step else None,
        block_id=step.block_id if step and step.block_id != step.step_id else None,
        label=step.label if step else None,
        type=step.type if step else None,
        message=clip(cause.message, MESSAGE_BUDGET) or None,
        stage=cause.stage,
        category=cause.category,
        kind=cause.kind,
        evidence=digest(cause.evidence, EVIDENCE_BUDGET).value if cause.evidence else None,
    )


def _several(step_ids: tuple[str, ...]) -> FallOut | None:
    if not step_ids:
        return None
    return FallOut(count=len(step_ids), step_ids=list(step_ids[:MAX_FALL_OUT]))


def _running(found: Explanation) -> list[RunningStep]:
    return [
        RunningStep(
            step_id=step.step_id,
            block_id=step.block_id if step.block_id != step.step_id else None,
            type=step.type,
            label=step.label,
            started_at=step.started_at,
        )
        for step in found.read.steps
        if step.status == RUNNING
    ][:MAX_RUNNING]


def _truncated(found: Explanation) -> Truncated | None:
    if found.read.complete:
        return None
    count = len(found.read.steps)
    return Truncated(
        shown=count,
        at_least=count,
        unit="steps",
        why=found.read.why,
        next=NextCall(tool="list_steps", arguments={"run_id": found.run.id}),
    )


def _next_calls(found: Explanation) -> list[NextCall]:
    cause = found.cause
    if cause is None:
        return [NextCall(tool="list_steps", arguments={"run_id": found.run.id})]
    calls = []
    if cause.step is not None:
        calls.append(read_step(found.run, cause.step.step_id))
        ref = cause.step.artifact or (found.step.summary.artifact if found.step else None)
        if ref is not None:
            calls.append(read_artifact(ref))
    return calls
