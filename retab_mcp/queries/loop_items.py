"""How many items the loops of a run got, from the payloads in the list of its steps."""

from collections.abc import Collection, Mapping
from functools import partial

from retab_mcp.analysis.findings.across import shows_items
from retab_mcp.analysis.findings.across.loops import items_given, loop_runs
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.models import Run, Status
from retab_mcp.queries.failed_steps_first import failed_steps_first
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.open_payloads import open_payloads
from retab_mcp.queries.run_facts import StepsRead
from retab_mcp.retab.generations.registry import generation_of

# Bytes of payloads opened to count items: a loop over some thousand records.
MAX_OPENED_BYTES = 2_000_000


async def read_with_items(
    inspector: Inspector, run: Run, statuses: Collection[str] = ()
) -> StepsRead:
    """Return the steps of a run, and keep the payloads that show what its loops got.

    If that takes too long, return only the steps with one of `statuses`, by default the failed
    ones. Cached steps are not read again. Raises RetabError.
    """
    if inspector.cached_steps(run):
        return await inspector.steps(run)
    reading = partial(inspector.steps, run, keep=shows_items)
    wanted = statuses or ((Status.ERROR,) if run.status == Status.ERROR else ())
    if not wanted or not generation_of(run).flat_steps:
        return await reading()
    return await failed_steps_first(inspector, run, reading, wanted)


async def loop_items(inspector: Inspector, run: Run, read: StepsRead) -> Mapping[str, int]:
    """Return how many items each loop got, by the id of its step, as far as it is known."""
    known = inspector.cached_loop_items(run)
    if known is not None:
        return known
    if not any(step.type == "for_each" for step in read.steps):
        return {}
    chosen = [step for step in read.steps if shows_items(step)]
    opened = await open_payloads(inspector, run, chosen, MAX_OPENED_BYTES)
    facts = RunFacts(read.steps, payloads=opened.payloads)
    found = {
        loop.step.step_id: given
        for loop in loop_runs(read.steps)
        if (given := items_given(loop, facts)) is not None
    }
    if read.complete and found:
        inspector.cache_loop_items(run, found)
    return found
