"""Explain a run within a fixed number of requests."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from retab_mcp.analysis.cause.choice.candidates import failed_on_their_own
from retab_mcp.analysis.cause.other_steps.review_doubts import doubtful_values
from retab_mcp.analysis.cause.other_steps.waiting_steps import (
    WaitingStep,
    about_the_waiting,
    waiting_steps,
)
from retab_mcp.analysis.cause.root_cause import RootCause, find_cause, with_details_of, with_record
from retab_mcp.analysis.configuration.advice import suggestion_by_values
from retab_mcp.analysis.configuration.as_it_ran import with_config
from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings import find_in_run
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.analysis.lineage.dependencies import PassedOn
from retab_mcp.analysis.lineage.inputs import inputs_from
from retab_mcp.analysis.lineage.missing_inputs import ExpectedInputs, expected_inputs
from retab_mcp.analysis.lineage.suspicious_inputs import Suspicions, suspicious_inputs
from retab_mcp.models import (
    FailureKind,
    Graph,
    Json,
    Review,
    Run,
    Status,
    Step,
    StepSummary,
)
from retab_mcp.queries.compared_steps import (
    note_unopened,
    with_graph,
    with_unlisted_payloads,
)
from retab_mcp.queries.failed_records import failed_records
from retab_mcp.queries.failed_steps_first import failed_steps_first
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.loop_items import loop_items
from retab_mcp.queries.needed_payloads import NeededPayloads
from retab_mcp.queries.open_payloads import open_payloads
from retab_mcp.queries.optional_reads import Asked
from retab_mcp.queries.over_steps import over_steps
from retab_mcp.queries.restart_facts import find_restart
from retab_mcp.queries.root_step import (
    handles_of,
    read_record,
    read_root_step,
    with_passed_retry,
)
from retab_mcp.queries.run_artifacts import artifacts_of
from retab_mcp.queries.run_facts import Explanation, StepsRead
from retab_mcp.queries.run_surroundings import with_surroundings
from retab_mcp.queries.upstream_findings import with_upstream_findings
from retab_mcp.queries.value_origins import with_origins, with_places_in_document
from retab_mcp.queries.wrong_values import wrong_values
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.generations.registry import generation_of
from retab_mcp.retab.step_pages import STEPS_PAGE_SIZE

# Reads beyond the run and its steps: the graph, the root-cause step and its artifact, other runs,
# reviews and what else the failure calls for. Without a graph, the payloads of the steps show the
# files that they passed on; they are read again only if the list was not kept.
# A completed run takes the run, its steps and reviews, and its artifacts from their list.
# The limit holds whatever happens: a read beyond it becomes a gap.
MAX_REQUESTS = 9


async def explain(inspector: Inspector, run: Run) -> Explanation:
    """Return the cause of the outcome of `run`, or its findings.

    What cannot be read becomes a gap, not an error, since a partial explanation is better than
    none. The complete explanation of a finished run is cached with it.
    """
    known = inspector.cached_explanation(run)
    if known is not None:
        return known
    inspector.api.limits.allow(MAX_REQUESTS - 1)
    found = await with_surroundings(inspector, await _find_out(inspector, run))
    await loop_items(inspector, run, found.read)
    found = replace(found, findings=await with_places_in_document(inspector, found.findings))
    if found.read.complete and not found.gaps:
        inspector.cache_explanation(found)
    return found


async def _find_out(inspector: Inspector, run: Run) -> Explanation:
    read = await _steps(inspector, run)
    if run.status == Status.COMPLETED:
        return await _look_over(inspector, run, read)
    cause = await over_steps(read.steps, partial(find_cause, run, read.steps))
    if cause is None:
        return Explanation(run, read, findings=tuple(await _findings(RunFacts(read.steps))))
    return await _explain_cause(inspector, Explanation(run, read, cause))


async def _steps(inspector: Inspector, run: Run) -> StepsRead:
    """Return the steps that the run embeds (g1, g2a) if they are enough, else those of the list.

    If the list cannot be read, return the embedded steps, or none: the run's own status, times and
    error are still known.
    """
    if run.steps and not _needs_list(run, run.steps):
        return StepsRead(run.steps)
    flat_failed = run.status == Status.ERROR and generation_of(run).flat_steps
    reading = partial(inspector.steps, run, keep=lambda step: True)
    try:
        if flat_failed:
            read = await failed_steps_first(inspector, run, reading)
        else:
            read = await reading()
    except RetabError as error:
        return StepsRead(run.steps or (), error.message)
    only_failed = all(step.status == Status.ERROR for step in read.steps)
    if read.complete or not flat_failed or only_failed:
        return read
    return await _with_failed(inspector, run, read)


async def _with_failed(inspector: Inspector, run: Run, read: StepsRead) -> StepsRead:
    """Add the failed steps to a list that ended early.

    Without them, a loop around the failed step or a consequence would be taken for the cause.
    """
    known = {step.step_id for step in read.steps}
    found = list(read.steps)
    try:
        async for page in inspector.api.step_pages(run, statuses=(Status.ERROR,)):
            found += [step.summary for step in page.steps if step.summary.step_id not in known]
    except RetabError:
        # The list is incomplete already, and says so.
        pass
    return StepsRead(tuple(found), read.why)


def _needs_list(run: Run, embedded: Sequence[StepSummary]) -> bool:
    """Return whether the run needs facts that embedded steps lack.

    These are artifacts, and the reasons of skipped steps, which distinguish downstream steps from
    branches that were not taken.
    """
    if run.status == Status.ERROR:
        # Several failures are told apart by their artifacts and inputs.
        skipped = any(step.status == Status.SKIPPED and not step.reason for step in embedded)
        return skipped or sum(step.status == Status.ERROR for step in embedded) > 1
    return run.status == Status.COMPLETED


async def _explain_cause(inspector: Inspector, known: Explanation) -> Explanation:
    run, steps = known.run, known.read.steps
    asked = Asked()
    graph, passed_on = None, None
    if run.status == Status.ERROR and steps:
        graph = await asked.unless_unsupported("the workflow's graph", inspector.graph(run))
        if graph is None or not graph.edges:
            passed_on = await _files_passed_on(inspector, run, known.read)
    seen = await failed_records(inspector, run, steps)
    finding = partial(find_cause, run, steps, graph, passed_on, seen)
    cause = await over_steps(steps, finding) or known.cause
    if cause is not None and not known.read.complete:
        among = f"{cause.reasons[0]}, among the {len(steps)} steps that could be read"
        cause = replace(cause, reasons=(among, *cause.reasons[1:]))
    if cause is not None:
        cause = await with_passed_retry(inspector, run, cause, steps, graph)
    root = cause.step if cause else None
    if cause is None or root is None:
        return await _without_step(inspector, replace(known, cause=cause), graph, asked)
    reviews: tuple[Review, ...] = ()
    waiting: list[WaitingStep] = []
    if run.status == Status.AWAITING_REVIEW:
        reviews = await asked.unless_unsupported("the reviews", inspector.reviews(run)) or ()
        waiting = waiting_steps(run, steps, reviews)
        cause = about_the_waiting(cause, waiting, reviews, inspector.now())
        root = cause.step or root
    reading = read_root_step(inspector, run, root)
    step = await asked.unless_failed("the root-cause step's inputs", reading)
    record = await read_record(inspector, run, root, step, asked)
    cause = with_details_of(cause, step.summary) if step else cause
    cause = with_record(cause, record, handles_of(step))
    doubts = doubtful_values(waiting[0].review, record) if waiting else {}
    cause = replace(cause, evidence={**doubts, **cause.evidence}) if doubts else cause
    cause = with_config(cause, graph)
    known = replace(known, cause=cause)
    restart = await find_restart(inspector, known, record, graph)
    if restart is not None and restart.suggestion is not None:
        known = replace(known, cause=replace(cause, suggestion=restart.suggestion))
    explained = replace(
        known,
        restart=restart,
        step=step.summary if step else None,
        has_inputs=step is None or bool(handles_of(step)),
        inputs_from=inputs_from(root, steps, graph) if graph else {},
        expected=_expected(step, steps, graph, cause.kind),
        suspicious=await with_origins(
            inspector,
            run,
            steps,
            graph,
            step,
            _suspicious(step, graph, root, cause.message, asked),
        ),
        reviews=reviews,
        waiting=tuple(waiting),
        gaps=tuple(asked.gaps),
    )
    if restart is None or restart.suggestion is None:
        explained = replace(explained, cause=_by_values(explained))
    changed = await wrong_values(inspector, explained, graph)
    return await with_upstream_findings(inspector, replace(explained, findings=changed))


def _by_values(known: Explanation) -> RootCause | None:
    """Return the cause with what to do about the values that the step received."""
    if known.cause is None:
        return None
    suspicious = known.suspicious.first if known.suspicious is not None else ()
    said = suggestion_by_values(known.cause, suspicious, has_inputs=known.has_inputs)
    return replace(known.cause, suggestion=said)


async def _without_step(
    inspector: Inspector, known: Explanation, graph: Graph | None, asked: Asked
) -> Explanation:
    """Explain a run whose cause is no step."""
    if known.cause is None:
        return replace(known, gaps=tuple(asked.gaps))
    cause = with_record(known.cause, None)
    restart = await find_restart(inspector, known, None, graph)
    return replace(known, cause=cause, restart=restart, gaps=tuple(asked.gaps))


def _expected(
    step: Step | None, steps: Sequence[StepSummary], graph: Graph | None, kind: FailureKind
) -> ExpectedInputs | None:
    if step is None or graph is None:
        return None
    try:
        return expected_inputs(
            step, steps, graph, reports_missing=kind == FailureKind.MISSING_INPUT
        )
    except RetabError:
        # That the inputs are unreadable is a gap already.
        return None


def _suspicious(
    step: Step | None, graph: Graph | None, root: StepSummary, message: str, asked: Asked
) -> Suspicions | None:
    """Return what is suspicious in the inputs of a step, None and a gap if they are unreadable."""
    if step is None:
        return None
    try:
        return suspicious_inputs(step.payload, _schemas(graph, root), message=message)
    except RetabError as error:
        asked.gaps.append(f"the step's inputs: {error.message}")
        return None


async def _files_passed_on(inspector: Inspector, run: Run, read: StepsRead) -> PassedOn | None:
    """Return the dependencies by files that steps passed on.

    None where they would decide nothing or take more than one page to read. Then the order in time
    decides, so a failure to read them is no gap.
    """
    if len(failed_on_their_own(read.steps)) < 2 or len(read.steps) > STEPS_PAGE_SIZE:
        return None
    steps = _kept_steps(inspector, run, read)
    if not steps:
        try:
            async for page in inspector.api.step_pages(run):
                steps += page.steps
        except RetabError:
            return None
    try:
        passed_on = PassedOn([(step.summary, step.payload) for step in steps])
    except RetabError:
        return None
    return passed_on if passed_on.any_known else None


def _kept_steps(inspector: Inspector, run: Run, read: StepsRead) -> list[Step]:
    """Return the steps with a payload that the list returned; none if some may be missing."""
    if not read.complete or inspector.kept.full:
        return []
    kept = (inspector.kept.step(run.id, step.step_id, step.started_at) for step in read.steps)
    return [step for step in kept if step is not None]


async def _look_over(inspector: Inspector, run: Run, read: StepsRead) -> Explanation:
    """Return the findings in a completed run."""
    asked = Asked()
    reviews = await asked.unless_unsupported("the reviews", inspector.reviews(run)) or ()
    artifacts = await artifacts_of(inspector, run, read.steps, asked)
    opened = await open_payloads(inspector, run, read.steps, needed=NeededPayloads(read.steps))
    note_unopened(opened.missed, asked)
    facts = RunFacts(read.steps, reviews, artifacts, opened.payloads, complete=read.complete)
    facts = await with_unlisted_payloads(inspector, run, facts)
    findings = await _findings(facts)
    seen = await with_graph(inspector, run, facts, findings)
    return Explanation(
        run,
        read,
        reviews=reviews,
        findings=tuple(findings if seen is facts else await _findings(seen)),
        gaps=tuple(asked.gaps),
    )


async def _findings(facts: RunFacts) -> list[Finding]:
    return await over_steps(facts.steps, partial(find_in_run, facts))


def _schemas(graph: Graph | None, step: StepSummary) -> dict[str, Json]:
    """Return the input schemas of a step's block by handle id; empty where they are unknown."""
    for block in graph.blocks if graph else ():
        if block.id == step.block_id:
            return block.input_schemas
    return {}
