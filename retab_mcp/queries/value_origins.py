"""Find where the doubtful values of an explanation came from, with the requests that are left."""

from collections.abc import Sequence
from dataclasses import replace

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.lineage.suspicious_inputs import Suspicion, Suspicions
from retab_mcp.analysis.lineage.tracing.asked_spot import asked_spot
from retab_mcp.analysis.lineage.tracing.origin_line import origin_line, source_line
from retab_mcp.analysis.records import step_record
from retab_mcp.digest.pointer import PathError
from retab_mcp.models import FindingKind, Graph, Run, Step, StepSummary
from retab_mcp.queries.document_places import place_in_output
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.value_trace import Surrounding, ValueTracer
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.extraction_sources import ExtractionSources

# Suspicious inputs that are traced, those that are shown first.
MAX_TRACED = 2
# Requests of all their traces: a step on the way, its record, and its document's sources.
MAX_REQUESTS = 3
# Requests left to what is read after this.
RESERVED_REQUESTS = 3
# Paths of a finding whose places are shown.
MAX_LOCATED = 2
# Findings about values that were read in a document.
_DOUBTFUL = frozenset(
    {FindingKind.LOW_LIKELIHOOD, FindingKind.VOTES_DISAGREE, FindingKind.REQUIRED_MISSING}
)


async def with_origins(
    inspector: Inspector,
    run: Run,
    steps: tuple[StepSummary, ...],
    graph: Graph | None,
    step: Step | None,
    suspicious: Suspicions | None,
) -> Suspicions | None:
    """Return the suspicious inputs of `step`, the first of them with their origin in a line."""
    if step is None or suspicious is None or not suspicious.first:
        return suspicious
    budget = min(MAX_REQUESTS, inspector.api.limits.left - RESERVED_REQUESTS)
    tracer = ValueTracer(inspector, Surrounding(run, steps, graph), budget)
    tracer.keep(step.summary, step.payload)
    first = [
        replace(one, origin=await _origin(tracer, run, step, one))
        for one in suspicious.first[:MAX_TRACED]
    ]
    return replace(suspicious, first=[*first, *suspicious.first[MAX_TRACED:]])


async def _origin(tracer: ValueTracer, run: Run, step: Step, one: Suspicion) -> str | None:
    try:
        spot = asked_spot(step.summary, step.payload, step_record(step), one.path)
    except (PathError, RetabError):
        return None
    return origin_line(await tracer.trace(spot), run.id) if spot is not None else None


async def with_places_in_document(
    inspector: Inspector, findings: Sequence[Finding]
) -> tuple[Finding, ...]:
    """Return the findings, the doubtful ones of the first extraction with page and text."""
    doubtful = [one for one in findings if one.kind in _DOUBTFUL and one.artifact_id and one.paths]
    if not doubtful or inspector.api.limits.left < 1:
        return tuple(findings)
    artifact_id = doubtful[0].artifact_id or ""
    try:
        sources = await inspector.api.get_sources(artifact_id)
    except RetabError:
        # The place is an addition: without it, the finding says what it said before.
        return tuple(findings)
    found = []
    for one in findings:
        is_located = one in doubtful and one.artifact_id == artifact_id
        found.append(replace(one, origin=_located(sources, one)) if is_located else one)
    return tuple(found)


def _located(sources: ExtractionSources, finding: Finding) -> str | None:
    """Return where the document has the first values that a finding is about."""
    lines = []
    for path in finding.paths[:MAX_LOCATED]:
        place = place_in_output(path)
        source = sources.at(place)
        if source is not None and (line := source_line(source)):
            lines.append(f"{'/'.join(str(part) for part in place)}: {line}")
    return "; ".join(lines) or None
