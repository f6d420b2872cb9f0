"""Find the root causes of the failed runs of a list, as far as that takes few requests."""

from collections.abc import Sequence
from functools import partial

import anyio

from retab_mcp.analysis.cause.choice.candidates import failed_on_their_own
from retab_mcp.analysis.cause.root_cause import RootCause, find_cause
from retab_mcp.models import Graph, Run, Status
from retab_mcp.queries.concurrently import concurrently
from retab_mcp.queries.failing_steps_reader import FailingStepsReader
from retab_mcp.queries.inspector import Inspector
from retab_mcp.retab.errors import RetabError

# A list is worth no longer wait: the runs' own words are known without it.
READ_SECONDS = 12.0
# Versions of workflows whose graphs are read.
MAX_GRAPHS = 4


async def causes_of(inspector: Inspector, runs: Sequence[Run]) -> dict[str, RootCause]:
    """Return the root causes of the failed ones of `runs` by run id, as get_run would name them.

    Runs whose failed steps could not be read, or do not show which of them was first, are missing.
    """
    failed = [run for run in runs if run.status == Status.ERROR]
    known = {run.id: inspector.cached_explanation(run) for run in failed}
    found = {name: each.cause for name, each in known.items() if each and each.cause}
    unknown = [run for run in failed if run.id not in found]
    workflows = {run.workflow_id for run in unknown}
    workflow_id = (next(iter(workflows)) or "") if len(workflows) == 1 else ""
    reader = FailingStepsReader(inspector.api, workflow_id, unknown)
    graphs: dict[str | None, Graph] = {}
    with anyio.move_on_after(READ_SECONDS):
        await reader.read()
        await _read_graphs(inspector, reader, unknown, graphs)
    for run in unknown:
        steps = reader.found.get(run.id, ())
        graph = graphs.get(run.workflow_version_id)
        own = failed_on_their_own(steps)
        # Several failed steps need the graph, as in get_run.
        is_read = run.id in reader.found and (len(own) < 2 or graph is not None)
        cause = find_cause(run, steps, graph) if is_read else None
        if cause is not None:
            found[run.id] = cause
    return found


async def _read_graphs(
    inspector: Inspector,
    reader: FailingStepsReader,
    runs: Sequence[Run],
    graphs: dict[str | None, Graph],
) -> None:
    """Read the graphs of runs with several failed steps into `graphs`, by version id."""
    several = [run for run in runs if len(failed_on_their_own(reader.found.get(run.id, ()))) > 1]
    first = {run.workflow_version_id: run for run in several if run.workflow_version_id}

    async def read(version_id: str | None, run: Run) -> None:
        try:
            graph = await inspector.graph(run)
        except RetabError:
            return
        if graph.edges:
            graphs[version_id] = graph

    await concurrently([partial(read, *each) for each in list(first.items())[:MAX_GRAPHS]])
