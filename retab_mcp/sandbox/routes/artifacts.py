"""Artifacts of steps (from 2026-05-10) and the primitives behind most of them."""

from starlette.responses import Response
from starlette.routing import Route

from retab_mcp.sandbox.answers import envelope, page, record
from retab_mcp.sandbox.context import Context
from retab_mcp.sandbox.query import ApiError, Query
from retab_mcp.sandbox.records import moment
from retab_mcp.sandbox.store import StoredArtifact
from retab_mcp.sandbox.wire.artifacts import artifact

_LIMIT, _MOST = 100, 200
_PRIMITIVE_LIMIT, _PRIMITIVE_MOST = 10, 100
_PRIMITIVE_STATUSES = ("pending", "queued", "in_progress", "completed", "failed", "cancelled")

# Path of the primitive by operation.
_PRIMITIVE_PATHS = {
    "extraction": "extractions",
    "split": "splits",
    "classification": "classifications",
    "parse": "parses",
    "edit": "edits",
    "partition": "partitions",
}
# From 2026-05-21 the operation is told from the prefix of the id: those seen in the vendor's
# documentation and data. While-loop and api-call prefixes are not among them.
_PREFIXES = (
    *("extr_", "ext_", "splt_", "spl_", "clss_", "prs_", "edt_", "prtn_", "prt_"),
    *("ceval_", "heval_", "fninv_", "func_"),
)


class ArtifactRoutes:
    """Artifacts of one generation from g2b on."""

    def __init__(self, context: Context) -> None:
        """Take the server's state."""
        self._context = context

    def older_routes(self) -> list[Route]:
        """g2b and g2c: the operation stands in the path."""
        path = "/v1/workflows/artifacts"
        return [
            self._context.route(path, self.list_older),
            self._context.route(path + "/{operation}/{artifact_id}", self.get_older),
        ]

    def routes(self) -> list[Route]:
        """g2e and g3: the id is enough."""
        path = "/v1/workflows/artifacts"
        return [
            self._context.route(path, self.list_artifacts),
            self._context.route(path + "/{artifact_id}", self.get_artifact),
        ]

    def get_artifact(self, query: Query) -> Response:
        """One artifact by id."""
        artifact_id = query.path("artifact_id")
        stored = self._context.store.artifact(artifact_id)
        if stored is not None:
            return record(self._body(stored))
        if artifact_id.startswith(_PREFIXES):
            raise ApiError(404, "Workflow artifact not found")
        raise ApiError(404, f"Artifact id '{artifact_id}' matches no known operation prefix")

    def get_older(self, query: Query) -> Response:
        """One artifact by operation and id."""
        stored = self._context.store.artifact(query.path("artifact_id"))
        if stored is None or self._operation(stored) != query.path("operation"):
            raise ApiError(404, "Workflow artifact not found")
        return record(self._body(stored))

    def list_artifacts(self, query: Query) -> Response:
        """A page of a run's artifacts, or the one of a step."""
        run_id, step_id = query.text("run_id"), query.text("step_id")
        operation = query.text("operation")
        limit = query.integer("limit", _LIMIT, 1, _MOST)
        if step_id is not None:
            owned = [e for e in self._context.store.all_artifacts() if e.step_id == step_id]
            chosen = [entry for entry in owned if run_id in (None, entry.run_id)]
            return envelope([self._body(entry) for entry in chosen[:1]])
        if run_id is None:
            raise ApiError(400, "Either run_id or step_id is required")
        entries = self._of_run(run_id, operation, query.text("block_id"))
        return page(entries, lambda entry: entry.step_id, self._body, query.cursor(), limit)

    def list_older(self, query: Query) -> Response:
        """Every artifact of a run: an array, from 2026-05-18 an envelope."""
        operation = query.text("operation")
        entries = self._of_run(query.required("run_id"), operation, query.text("block_id"))
        rows = [self._body(entry) for entry in entries]
        return self._context.generation.rows(rows)

    def _of_run(
        self, run_id: str, operation: str | None, block_id: str | None
    ) -> list[StoredArtifact]:
        if run_id not in self._context.store.runs:
            raise ApiError(404, "workflow run not found")
        return [
            entry
            for entry in self._context.store.artifacts(run_id)
            if operation in (None, self._operation(entry))
            and block_id in (None, entry.block_id, entry.step_id)
        ]

    def _operation(self, stored: StoredArtifact) -> str:
        return self._context.generation.operation(stored.record.operation)

    def _body(self, stored: StoredArtifact) -> bytes:
        return self._context.bodies.get(
            ("artifact", stored.record.id),
            lambda: artifact(
                self._context.generation, stored.record, stored.run_id, stored.step_id
            ),
        )


class PrimitiveRoutes:
    """/v1/extractions and the like."""

    def __init__(self, context: Context) -> None:
        """Take the server's state."""
        self._context = context

    def routes(self) -> list[Route]:
        """A list and a get for each primitive that the generation has."""
        return [
            route
            for operation in self._context.generation.primitives
            for route in self._routes_of(operation)
        ]

    def _routes_of(self, operation: str) -> list[Route]:
        path = "/v1/" + _PRIMITIVE_PATHS[operation]
        return [
            self._context.route(path, lambda query: self._list(query, operation)),
            self._context.route(path + "/{id}", lambda query: self._get(query, operation)),
        ]

    def _get(self, query: Query, operation: str) -> Response:
        wanted = query.path("id")
        stored = self._context.store.artifact(wanted)
        if stored is None or stored.record.operation != operation:
            name = f"Edit {wanted}" if operation == "edit" else operation.capitalize()
            raise ApiError(404, f"{name} not found")
        return record(self._body(stored, include_output=query.text("include_output") != "false"))

    def _list(self, query: Query, operation: str) -> Response:
        status = query.choice("status", _PRIMITIVE_STATUSES, None)
        entries = [
            entry
            for entry in self._context.store.all_artifacts()
            if entry.record.operation == operation and status in (None, entry.record.status)
        ]
        descending = query.choice("order", ("asc", "desc"), "desc") == "desc"
        entries.sort(key=lambda e: (moment(e.record.created_at), e.record.id), reverse=descending)
        limit = query.integer("limit", _PRIMITIVE_LIMIT, 1, _PRIMITIVE_MOST)
        return page(entries, lambda entry: entry.record.id, self._body, query.cursor(), limit)

    def _body(self, stored: StoredArtifact, *, include_output: bool = True) -> bytes:
        return self._context.bodies.get(
            ("primitive", stored.record.id, include_output),
            lambda: self._context.generation.primitive(
                stored.record, include_output=include_output
            ),
        )
