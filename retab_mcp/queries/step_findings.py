"""Find what is wrong in one completed step and its record."""

from dataclasses import replace

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings import find_in_run
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.analysis.findings.with_records.changed_outputs import changed_outputs
from retab_mcp.models import FindingKind, Run, Status, Step, StepPayload
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.optional_reads import Asked
from retab_mcp.queries.root_step import read_record
from retab_mcp.retab.errors import RetabError

# Kinds that repeat what the answer about a step says in fields of their own.
_SAID_BY_THE_STEP = frozenset(
    {
        FindingKind.FAILED_STEP,
        FindingKind.RETRIES,
        FindingKind.SLOW_STEP,
        FindingKind.STEPS_SKIPPED,
        FindingKind.FAILED_ATTEMPTS,
    }
)


async def step_findings(inspector: Inspector, run: Run, step: Step) -> list[Finding]:
    """Return what is wrong in a completed step, worst first.

    Of a run that was explained already, its findings. Else takes a request for the artifact, and
    one for the reviews if the output differs from it. What cannot be read is left out.
    """
    summary = step.summary
    known = inspector.cached_explanation(run)
    if known is not None and known.cause is None:
        return [one for one in known.findings if one.step_id == summary.step_id]
    if summary.status != Status.COMPLETED:
        return []
    asked = Asked()
    artifact = await read_record(inspector, run, summary, step, asked)
    try:
        payload = StepPayload(step.payload.handle_inputs, step.payload.handle_outputs)
    except RetabError:
        payload = StepPayload()
    facts = RunFacts(
        (summary,),
        artifacts={} if artifact is None else {summary.step_id: artifact},
        payloads={summary.step_id: payload},
        complete=False,
    )
    if any(changed_outputs(facts)):
        reviews = await asked.unless_unsupported("the reviews", inspector.reviews(run)) or ()
        facts = replace(facts, reviews=reviews)
    return [one for one in find_in_run(facts) if one.kind not in _SAID_BY_THE_STEP]
