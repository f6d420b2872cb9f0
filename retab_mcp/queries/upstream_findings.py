"""Find what was wrong before a run failed: refusals, conditions on absent keys, changed outputs."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings import find_in_run
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.analysis.findings.with_records.absent_keys import reads_conditions
from retab_mcp.analysis.findings.with_records.changed_outputs import changed_outputs
from retab_mcp.analysis.loops.loop_containers import CONTAINER_TYPES
from retab_mcp.models import FindingKind, Operation, Run, Status, StepSummary
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.open_payloads import open_payloads
from retab_mcp.queries.optional_reads import Asked
from retab_mcp.queries.over_steps import over_steps
from retab_mcp.queries.run_artifacts import artifacts_of
from retab_mcp.queries.run_facts import Explanation
from retab_mcp.retab.errors import RetabError

# Kinds that can be why a later step failed.
_KINDS = frozenset(
    {
        FindingKind.RECORD_FAILED,
        FindingKind.RESPONSE_SAYS_FAILED,
        FindingKind.HTML_RESPONSE,
        FindingKind.CONDITION_KEY_ABSENT,
        FindingKind.OUTPUT_CHANGED,
    }
)
# Findings shown next to a cause.
_MAX_FINDINGS = 2
# Types of steps whose record is a condition or a call, for servers that name no artifacts.
_TELLING_TYPES = frozenset({"conditional", "while_loop", "api_call"})


async def with_upstream_findings(inspector: Inspector, found: Explanation) -> Explanation:
    """Return the explanation of a failed run with what was wrong in the steps before.

    Reads nothing where no step before could explain the failure. What cannot be read is left out:
    the cause is known without it.
    """
    cause = found.cause
    if cause is None or cause.step is None or found.run.status != Status.ERROR:
        return found
    steps = found.read.steps
    wanted = await over_steps(steps, partial(_explaining, cause.step, found))
    if not wanted:
        return found
    run = found.run
    await _keep_unlisted(inspector, run, wanted)
    asked = Asked()
    artifacts = await artifacts_of(inspector, run, wanted, asked)
    opened = await open_payloads(inspector, run, _with_bodies(wanted, found))
    facts = RunFacts(steps, artifacts=artifacts, payloads=opened.payloads)
    if not found.reviews and any(changed_outputs(facts)):
        reviews = await asked.unless_unsupported("the reviews", inspector.reviews(run)) or ()
        found = replace(found, reviews=reviews)
    facts = replace(facts, reviews=found.reviews)
    doubtful = [
        one for one in await over_steps(steps, partial(find_in_run, facts)) if one.kind in _KINDS
    ]
    mine = {step.step_id for step in wanted}
    kept = [_alone(one) for one in doubtful if one.step_id in mine]
    return replace(found, findings=(*found.findings, *kept[:_MAX_FINDINGS]))


def _explaining(root: StepSummary, found: Explanation) -> list[StepSummary]:
    return [step for step in found.read.steps if _could_explain(step, root, found)]


def _could_explain(step: StepSummary, root: StepSummary, found: Explanation) -> bool:
    """Return whether the record of a step may show why `root` failed."""
    if step.step_id == root.step_id:
        return reads_conditions(step) or step.type == "while_loop"
    if step.status != Status.COMPLETED:
        return False
    operation = step.artifact.operation if step.artifact is not None else None
    if reads_conditions(step) or operation == Operation.API_CALL_INVOCATION:
        return True
    if operation == Operation.EXTRACTION:
        fed = {source.step_id for source in found.inputs_from.values()}
        return step.step_id in fed
    return step.artifact is None and step.type in _TELLING_TYPES


def _with_bodies(wanted: Iterable[StepSummary], found: Explanation) -> list[StepSummary]:
    """Return the steps, with those inside the loops among them."""
    chosen = list(wanted)
    loops = {step.block_id for step in chosen if step.type in CONTAINER_TYPES}
    ids = {step.step_id for step in chosen}
    inside = [
        step
        for step in found.read.steps
        if step.step_id not in ids and any(at.container_id in loops for at in step.loops)
    ]
    return [*chosen, *inside]


async def _keep_unlisted(inspector: Inspector, run: Run, wanted: Iterable[StepSummary]) -> None:
    """Keep the payloads of steps that the run itself embeds (g1, g2a) from the list of steps."""
    if run.steps is None or any(inspector.kept.step(run.id, step.step_id) for step in wanted):
        return
    try:
        await inspector.steps(run, keep=lambda step: True)
    except RetabError:
        return


def _alone(one: Finding) -> Finding:
    """Return a finding without its consequences: the run's cause says what followed."""
    return replace(one, leads_to=())
