"""Workflows, their graph and its versions; last in order, for the path that swallows others."""

from collections.abc import Callable, Iterable

from starlette.responses import Response
from starlette.routing import Route

from retab_mcp.sandbox.answers import answer, bare_list, page, to_bytes
from retab_mcp.sandbox.context import Context
from retab_mcp.sandbox.query import ApiError, Query
from retab_mcp.sandbox.records import SampleRun
from retab_mcp.sandbox.wire import graph as wire
from retab_mcp.sandbox.wire.common import Body

_LIMIT, _MOST = 10, 100
_GRAPH_LIMIT, _GRAPH_MOST = 100, 200
_VERSION_LIMIT, _VERSION_MOST = 50, 100


class WorkflowRoutes:
    """Workflows of one generation."""

    def __init__(self, context: Context) -> None:
        """Take the server's state."""
        self._context = context

    def routes(self) -> list[Route]:
        """All generations. An older server takes /v1/workflows/steps for a workflow's id here."""
        return [
            self._context.route("/v1/workflows", self.list_workflows),
            self._context.route("/v1/workflows/{workflow_id}", self.get_workflow),
        ]

    def older_graph_routes(self) -> list[Route]:
        """g1 to g2c: the graph under its workflow, as arrays."""
        route, path = self._context.route, "/v1/workflows/{workflow_id}"
        return [
            route(path + "/blocks", lambda query: bare_list(_written(self._blocks(query)))),
            route(path + "/edges", lambda query: bare_list(_written(self._edges(query)))),
            route(path + "/entities", self.get_entities),
        ]

    def graph_routes(self) -> list[Route]:
        """g2e and g3: blocks, edges and versions at paths of their own."""
        route = self._context.route
        return [
            route("/v1/workflows/blocks", lambda query: self._page(query, self._blocks)),
            route("/v1/workflows/edges", lambda query: self._page(query, self._edges)),
            route("/v1/workflows/versions", self.list_versions),
            route("/v1/workflows/versions/diff", self.get_diff),
            route("/v1/workflows/versions/{workflow_version_id}", self.get_version),
        ]

    def list_workflows(self, query: Query) -> Response:
        """A page of workflows."""
        ids = sorted({run.workflow_id for run in self._context.store.runs.values()})
        limit = query.integer("limit", _LIMIT, 1, _MOST)
        return page(ids, str, lambda key: to_bytes(self._workflow(key)), query.cursor(), limit)

    def get_workflow(self, query: Query) -> Response:
        """One workflow, without its graph."""
        return answer(self._workflow(query.path("workflow_id")))

    def get_entities(self, query: Query) -> Response:
        """A workflow with its blocks and edges."""
        return answer(
            {
                "workflow": self._workflow(query.path("workflow_id")),
                "blocks": self._blocks(query),
                "edges": self._edges(query),
            }
        )

    def list_versions(self, query: Query) -> Response:
        """A page of a workflow's versions, newest first."""
        versions = self._versions(query.required("workflow_id"))
        limit = query.integer("limit", _VERSION_LIMIT, 1, _VERSION_MOST)
        return page(
            list(versions.values()),
            lambda run: run.workflow_version_id,
            lambda run: to_bytes(wire.version(run)),
            query.cursor(),
            limit,
        )

    def get_version(self, query: Query) -> Response:
        """One version of one workflow: ids of versions are not unique across workflows."""
        versions = self._versions(query.required("workflow_id"))
        return answer(wire.version(_version(versions, query.path("workflow_version_id"))))

    def get_diff(self, query: Query) -> Response:
        """What differs between two versions of a workflow."""
        versions = self._versions(query.required("workflow_id"))
        earlier = _version(versions, query.required("from_workflow_version_id"))
        later = _version(versions, query.required("to_workflow_version_id"))
        return answer(wire.version_diff(earlier, later))

    def _versions(self, workflow_id: str) -> dict[str, SampleRun]:
        versions = self._context.store.graphs(workflow_id)
        if not versions:
            raise ApiError(404, "Workflow not found")
        return versions

    def _workflow(self, workflow_id: str) -> Body:
        return wire.workflow(self._context.generation, self._versions(workflow_id))

    def _newest(self, query: Query) -> SampleRun:
        workflow_id = query.text("workflow_id")
        if self._context.generation.nested:
            workflow_id = query.path("workflow_id")
        return next(iter(self._versions(workflow_id or query.required("workflow_id")).values()))

    def _blocks(self, query: Query) -> list[Body]:
        run = self._newest(query)
        return [wire.live_block(self._context.generation, run, each) for each in run.blocks]

    def _edges(self, query: Query) -> list[Body]:
        run = self._newest(query)
        source, target = query.text("source_block"), query.text("target_block")
        return [
            wire.live_edge(self._context.generation, run, edge)
            for edge in run.edges
            if source in (None, edge.source) and target in (None, edge.target)
        ]

    def _page(self, query: Query, rows_of: Callable[[Query], list[Body]]) -> Response:
        limit = query.integer("limit", _GRAPH_LIMIT, 1, _GRAPH_MOST)
        rows = rows_of(query)
        return page(rows, lambda row: str(row["id"]), to_bytes, query.cursor(), limit)


def _written(rows: Iterable[Body]) -> list[bytes]:
    return [to_bytes(row) for row in rows]


def _version(versions: dict[str, SampleRun], version_id: str) -> SampleRun:
    if version_id not in versions:
        raise ApiError(404, f"Workflow version not found: {version_id}")
    return versions[version_id]
