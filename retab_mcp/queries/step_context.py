"""Read what explains a step: its record, its sources, the steps inside a loop, its reviews."""

from dataclasses import dataclass, field, replace

from retab_mcp.analysis.cause.other_steps.waiting_steps import WaitingStep, waiting_step
from retab_mcp.analysis.cause.restarts.restart import Restart
from retab_mcp.analysis.cause.root_cause import RootCause, cause_of_step
from retab_mcp.analysis.code_steps import CODE_TYPES
from retab_mcp.analysis.configuration.advice import suggestion_by_values
from retab_mcp.analysis.configuration.as_it_ran import with_config
from retab_mcp.analysis.lineage.inputs import inputs_from
from retab_mcp.analysis.lineage.missing_inputs import ExpectedInputs, expected_inputs
from retab_mcp.analysis.lineage.suspicious_inputs import suspicious_inputs
from retab_mcp.analysis.loops.loop_containers import CONTAINER_TYPES, container_ids
from retab_mcp.analysis.loops.loop_summary import LoopSummary, summarize_loop
from retab_mcp.analysis.time_account.step_time import StepTime, step_time
from retab_mcp.models import (
    Artifact,
    FailureKind,
    Graph,
    Operation,
    Review,
    Run,
    Status,
    Step,
    StepSummary,
)
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.optional_reads import Asked
from retab_mcp.queries.restart_facts import restart_of_failed_step
from retab_mcp.queries.review_waits import MIN_REVIEWED_MS
from retab_mcp.queries.root_step import handles_of, read_record
from retab_mcp.queries.run_history import explain_with_history
from retab_mcp.retab.errors import RetabError

# Blocks that wait for several inputs, which may not all arrive.
_MERGE_TYPES = frozenset({"merge_dicts", "merge_pdf"})


@dataclass
class StepContext:
    """What explains a step, as far as it applies and could be read.

    `cause` is why it failed, `restart` whether to run it again, `inputs` what it should have
    received, `loop` what happened inside it, `waiting` its pending review, `time` when it ran and
    waited. `gaps` are sentences about what could not be read.
    """

    cause: RootCause | None = None
    restart: Restart | None = None
    inputs_from: dict[str, StepSummary] = field(default_factory=dict)
    inputs: ExpectedInputs | None = None
    loop: LoopSummary | None = None
    waiting: WaitingStep | None = None
    time: StepTime | None = None
    gaps: list[str] = field(default_factory=list)


async def step_context(inspector: Inspector, run: Run, step: Step) -> StepContext:
    """Return what explains `step`; a step that completed as expected takes no further request."""
    asked = Asked()
    summary = step.summary
    failed = summary.status == Status.ERROR
    found = StepContext(gaps=asked.gaps)
    artifact: Artifact | None = None
    is_call = summary.artifact and summary.artifact.operation == Operation.API_CALL_INVOCATION
    if failed or (is_call and summary.retry_count):
        artifact = await read_record(inspector, run, summary, step, asked)
    if failed:
        found.cause, found.restart = _cause(inspector, run, step, artifact)
    is_loop = summary.type in CONTAINER_TYPES
    if failed or is_loop or summary.type in _MERGE_TYPES:
        await _read_around(inspector, run, step, artifact, found, asked)
    reviews = await _reviews(inspector, run, summary, asked)
    if summary.status == Status.AWAITING_REVIEW:
        found.waiting = waiting_step(run, summary, reviews)
    found.time = step_time(summary, reviews, artifact, None if run.finished else inspector.now())
    return found


def _cause(
    inspector: Inspector, run: Run, step: Step, artifact: Artifact | None
) -> tuple[RootCause, Restart | None]:
    """Return why a step failed and, from get_run's answer if known, whether to restart its run."""
    summary = step.summary
    known = inspector.cached_explanation(run)
    cause = known.cause if known is not None else None
    is_root = cause is not None and cause.step is not None and cause.step.step_id == summary.step_id
    if known is not None and cause is not None and is_root:
        return cause, known.restart
    return cause_of_step(summary, artifact, handles_of(step)), None


def _by_values(cause: RootCause, step: Step) -> RootCause:
    """Return the cause with what to do about the values that the step received."""
    try:
        suspicious = suspicious_inputs(step.payload, message=cause.message).first
    except RetabError:
        suspicious = []
    said = suggestion_by_values(cause, suspicious, has_inputs=bool(handles_of(step)))
    return replace(cause, suggestion=said)


async def _read_around(
    inspector: Inspector,
    run: Run,
    step: Step,
    artifact: Artifact | None,
    found: StepContext,
    asked: Asked,
) -> None:
    """Read the steps around this one and, for its inputs, the graph."""
    summary = step.summary
    try:
        read = await inspector.steps(run, embedded=True)
        steps = read.steps
    except RetabError as error:
        asked.gaps.append(f"the run's other steps: {error.message}")
        return
    if summary.type in CONTAINER_TYPES:
        found.loop = _loop(summary, steps)
    graph = await asked.unless_unsupported("the workflow's graph", inspector.graph(run))
    if graph is not None:
        _add_inputs(found, step, steps, graph, asked)
    if found.cause is None:
        return
    known = inspector.cached_explanation(run)
    if known is None or known.cause is not found.cause:
        found.cause = _by_values(with_config(found.cause, graph), step)
    if found.restart is None:
        found.restart = await restart_of_failed_step(
            inspector, run, found.cause, artifact, read, graph
        )
        if found.restart is not None and found.restart.by_inputs:
            await _check_with_good_run(inspector, run, summary, steps, found)
    if found.restart is not None and found.restart.suggestion is not None:
        found.cause = replace(found.cause, suggestion=found.restart.suggestion)


async def _check_with_good_run(
    inspector: Inspector,
    run: Run,
    summary: StepSummary,
    steps: tuple[StepSummary, ...],
    found: StepContext,
) -> None:
    """Replace the verdict on a restart by get_run's where code may have changed the inputs.

    Only a run that worked shows that, which get_run compares.
    """
    if not any(step.type in CODE_TYPES and step.step_id != summary.step_id for step in steps):
        return
    known, _ = await explain_with_history(inspector, run)
    root = known.cause.step if known.cause is not None else None
    if root is not None and root.step_id == summary.step_id:
        found.cause, found.restart = known.cause, known.restart


def _add_inputs(
    found: StepContext, step: Step, steps: tuple[StepSummary, ...], graph: Graph, asked: Asked
) -> None:
    found.inputs_from = inputs_from(step.summary, steps, graph)
    try:
        kind = found.cause.kind if found.cause is not None else None
        found.inputs = expected_inputs(
            step, steps, graph, reports_missing=kind == FailureKind.MISSING_INPUT
        )
    except RetabError as error:
        asked.gaps.append(f"the step's inputs: {error.message}")


def _loop(container: StepSummary, steps: tuple[StepSummary, ...]) -> LoopSummary | None:
    depth = len(container.loops)
    inside = [
        step
        for step in steps
        if len(step.loops) > depth
        and step.loops[depth].container_id == container.block_id
        and step.loops[:depth] == container.loops
    ]
    return summarize_loop(inside, depth, container_ids(steps)) if inside else None


async def _reviews(
    inspector: Inspector, run: Run, summary: StepSummary, asked: Asked
) -> tuple[Review, ...]:
    waits = summary.status == Status.AWAITING_REVIEW
    if not waits and (summary.elapsed_ms or 0) < MIN_REVIEWED_MS:
        return ()
    return await asked.unless_unsupported("the reviews", inspector.reviews(run)) or ()
