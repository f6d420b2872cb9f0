"""Workflows, their graph and its versions; last in order, since its path matches others."""

from collections.abc import Callable, Iterable

from starlette.responses import Response
from starlette.routing import Route

from retab_mcp.sandbox.answers import answer, bare_list, to_bytes
from retab_mcp.sandbox.query import ApiError, Query
from retab_mcp.sandbox.records import SampleRun
from retab_mcp.sandbox.routes.base import Routes
from retab_mcp.sandbox.wire import graph as wire
from retab_mcp.sandbox.wire.common import Body

_LIMITS, _GRAPH_LIMITS, _VERSION_LIMITS = (10, 100), (100, 200), (50, 100)


class WorkflowRoutes(Routes):
    """Workflows of one generation."""

    def routes(self) -> list[Route]:
        """Return the common routes; on older servers /v1/workflows/steps matches one of them."""
        return [
            self.route("/v1/workflows", self._list_workflows),
            self.route("/v1/workflows/{workflow_id}", self._get_workflow),
        ]

    def older_graph_routes(self) -> list[Route]:
        """Return the routes of g1 to g2c: the graph under its workflow, as arrays."""
        route, path = self.route, "/v1/workflows/{workflow_id}"
        return [
            route(path + "/blocks", lambda query: bare_list(_written(self._blocks(query)))),
            route(path + "/edges", lambda query: bare_list(_written(self._edges(query)))),
            route(path + "/entities", self._get_entities),
        ]

    def graph_routes(self) -> list[Route]:
        """Return the routes of g2e and g3: blocks, edges and versions at paths of their own."""
        route = self.route
        return [
            route("/v1/workflows/blocks", lambda query: self._graph_page(query, self._blocks)),
            route("/v1/workflows/edges", lambda query: self._graph_page(query, self._edges)),
            route("/v1/workflows/versions", self._list_versions),
            route("/v1/workflows/versions/diff", self._get_diff),
            route("/v1/workflows/versions/{workflow_version_id}", self._get_version),
        ]

    def _list_workflows(self, query: Query) -> Response:
        ids = sorted({run.workflow_id for run in self.store.runs.values()})
        return self.page(query, ids, str, self._workflow, _LIMITS)

    def _get_workflow(self, query: Query) -> Response:
        return answer(self._workflow(query.path("workflow_id")))

    def _get_entities(self, query: Query) -> Response:
        return answer(
            {
                "workflow": self._workflow(query.path("workflow_id")),
                "blocks": self._blocks(query),
                "edges": self._edges(query),
            }
        )

    def _list_versions(self, query: Query) -> Response:
        versions = self._versions(query.required("workflow_id"))
        runs = list(versions.values())
        return self.page(
            query, runs, lambda run: run.workflow_version_id, wire.version, _VERSION_LIMITS
        )

    def _get_version(self, query: Query) -> Response:
        """Return one version of one workflow: ids of versions are not unique across workflows."""
        versions = self._versions(query.required("workflow_id"))
        return answer(wire.version(_version(versions, query.path("workflow_version_id"))))

    def _get_diff(self, query: Query) -> Response:
        versions = self._versions(query.required("workflow_id"))
        earlier = _version(versions, query.required("from_workflow_version_id"))
        later = _version(versions, query.required("to_workflow_version_id"))
        return answer(wire.version_diff(earlier, later))

    def _versions(self, workflow_id: str) -> dict[str, SampleRun]:
        versions = self.store.graphs(workflow_id)
        if not versions:
            raise ApiError(404, "Workflow not found")
        return versions

    def _workflow(self, workflow_id: str) -> Body:
        return wire.workflow_body(self.generation, self._versions(workflow_id))

    def _newest(self, query: Query) -> SampleRun:
        workflow_id = query.text("workflow_id")
        if self.generation.nested:
            workflow_id = query.path("workflow_id")
        return next(iter(self._versions(workflow_id or query.required("workflow_id")).values()))

    def _blocks(self, query: Query) -> list[Body]:
        run = self._newest(query)
        return [wire.live_block(self.generation, run, each) for each in run.blocks]

    def _edges(self, query: Query) -> list[Body]:
        run = self._newest(query)
        source, target = query.text("source_block"), query.text("target_block")
        return [
            wire.live_edge(self.generation, run, edge)
            for edge in run.edges
            if source in (None, edge.source) and target in (None, edge.target)
        ]

    def _graph_page(self, query: Query, rows_of: Callable[[Query], list[Body]]) -> Response:
        return self.page(query, rows_of(query), lambda row: str(row["id"]), dict, _GRAPH_LIMITS)


def _written(rows: Iterable[Body]) -> list[bytes]:
    return [to_bytes(row) for row in rows]


def _version(versions: dict[str, SampleRun], version_id: str) -> SampleRun:
    if version_id not in versions:
        raise ApiError(404, f"Workflow version not found: {version_id}")
    return versions[version_id]
