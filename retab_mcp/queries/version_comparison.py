"""Read what changed between the versions of a workflow that two runs executed."""

from functools import partial

from retab_mcp.analysis.compare.config_changes import GraphChanges, graph_changes
from retab_mcp.models import Graph, Run
from retab_mcp.queries.concurrently import concurrently
from retab_mcp.queries.inspector import Inspector
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.version_changes import VersionChanges


async def compare_versions(inspector: Inspector, run: Run, other: Run) -> GraphChanges | None:
    """Return what changed from the version of `run` to that of `other`; None if nothing can have.

    The graphs of both versions show the fields of blocks. If a graph cannot be read, Retab's own
    comparison names the blocks. Raises RetabError if that cannot be read either.
    """
    workflow_id = run.workflow_id
    mine, theirs = run.workflow_version_id, other.workflow_version_id
    if not workflow_id or workflow_id != other.workflow_id or not mine or not theirs:
        return None
    if mine == theirs:
        return None
    graphs = await concurrently([partial(_graph, inspector, one) for one in (run, other)])
    if graphs[0] is not None and graphs[1] is not None:
        return graph_changes(graphs[0], graphs[1])
    told: VersionChanges = await inspector.api.get_version_changes(workflow_id, mine, theirs)
    return GraphChanges(told.added, told.removed, told.changed, told.edges, ())


async def _graph(inspector: Inspector, run: Run) -> Graph | None:
    """Return the graph that the run executed, None if only the current one can be read."""
    try:
        graph = await inspector.graph(run)
    except RetabError:
        return None
    return graph if graph.version_id is not None else None
