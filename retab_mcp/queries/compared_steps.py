"""Read what rules across steps need besides the lists: payloads left out, and the graph."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings.across import payload_priority
from retab_mcp.analysis.findings.consequences import graph_would_help
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.models import Graph, Run, StepPayload, StepSummary
from retab_mcp.queries.concurrently import concurrently
from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.optional_reads import Asked
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.generations.registry import generation_of

# Merges and loops whose payloads are read one by one where the list of steps leaves payloads out
# (May 2026). Nothing else shows what they received.
MAX_STEPS_READ = 2
# The last priority of payloads that are missed: functions outside loops.
LAST_NOTED = 1


def note_unopened(missed: Iterable[StepSummary], asked: Asked) -> None:
    """Add a gap for merges, loops and functions whose payloads are too large to be compared.

    Functions in loops are left out: the first of them show what all do.
    """
    count = sum(payload_priority(step) <= LAST_NOTED for step in missed)
    if count:
        asked.gaps.append(f"the payloads of {count} steps, too large to be compared")


async def with_unlisted_payloads(inspector: Inspector, run: Run, facts: RunFacts) -> RunFacts:
    """Return `facts` with the payloads of the first merges and loops, if the list has none."""
    if facts.payloads or generation_of(run).flat_steps:
        return facts
    wanted = [step for step in facts.steps if payload_priority(step) == 0 and step.started_at]
    found: dict[str, StepPayload] = {}

    async def read(step: StepSummary) -> None:
        try:
            payload = (await inspector.payload(run, step)).payload
            found[step.step_id] = StepPayload(payload.handle_inputs, payload.handle_outputs)
        except (RetabError, QuestionError):
            return

    await concurrently([partial(read, step) for step in wanted[:MAX_STEPS_READ]])
    return replace(facts, payloads=found)


async def with_graph(
    inspector: Inspector, run: Run, facts: RunFacts, found: list[Finding]
) -> RunFacts:
    """Return `facts` with the executed graph if it says more about what was `found`.

    A graph that cannot be read is an empty one.
    """
    if not graph_would_help(found):
        return facts
    try:
        graph = await inspector.graph(run)
    except (RetabError, QuestionError):
        graph = Graph()
    return replace(facts, graph=graph)
