"""Artifacts of steps (from 2026-05-10) and the primitives behind most of them."""

from starlette.responses import Response
from starlette.routing import Route

from retab_mcp.sandbox.answers import answer, envelope, record
from retab_mcp.sandbox.query import ApiError, Query
from retab_mcp.sandbox.records import moment, resolve
from retab_mcp.sandbox.routes.base import Routes
from retab_mcp.sandbox.store import StoredArtifact
from retab_mcp.sandbox.wire.artifacts import artifact
from retab_mcp.sandbox.wire.sources import sources

_LIMITS, _PRIMITIVE_LIMITS = (100, 200), (10, 100)
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
# From 2026-05-21 the prefix of the id says the operation: those seen in the vendor's
# documentation and data. While-loop and api-call prefixes are not among them.
_PREFIXES = (
    *("extr_", "ext_", "splt_", "spl_", "clss_", "prs_", "edt_", "prtn_", "prt_"),
    *("ceval_", "heval_", "fninv_", "func_"),
)


class ArtifactRoutes(Routes):
    """Artifacts of one generation from g2b on."""

    def older_routes(self) -> list[Route]:
        """Return the routes of g2b and g2c: the operation is in the path."""
        path = "/v1/workflows/artifacts"
        return [
            self.route(path, self._list_older),
            self.route(path + "/{operation}/{artifact_id}", self._get_older),
        ]

    def routes(self) -> list[Route]:
        """Return the routes of g2e and g3: the id is enough."""
        path = "/v1/workflows/artifacts"
        return [
            self.route(path, self._list_artifacts),
            self.route(path + "/{artifact_id}", self._get_artifact),
        ]

    def _get_artifact(self, query: Query) -> Response:
        artifact_id = query.path("artifact_id")
        stored = self.store.artifact(artifact_id)
        if stored is not None:
            return record(self._body(stored))
        if artifact_id.startswith(_PREFIXES):
            raise ApiError(404, "Workflow artifact not found")
        raise ApiError(404, f"Artifact id '{artifact_id}' matches no known operation prefix")

    def _get_older(self, query: Query) -> Response:
        stored = self.store.artifact(query.path("artifact_id"))
        if stored is None or self._operation(stored) != query.path("operation"):
            raise ApiError(404, "Workflow artifact not found")
        return record(self._body(stored))

    def _list_artifacts(self, query: Query) -> Response:
        """Return a page of a run's artifacts, or the one of a step."""
        run_id, step_id = query.text("run_id"), query.text("step_id")
        operation = query.text("operation")
        if step_id is not None:
            owned = [e for e in self.store.all_artifacts() if e.step_id == step_id]
            chosen = [entry for entry in owned if run_id in (None, entry.run_id)]
            return envelope([self._body(entry) for entry in chosen[:1]])
        if run_id is None:
            raise ApiError(400, "Either run_id or step_id is required")
        entries = self._of_run(run_id, operation, query.text("block_id"))
        return self.page(query, entries, lambda entry: entry.step_id, self._body, _LIMITS)

    def _list_older(self, query: Query) -> Response:
        """Return every artifact of a run: an array, from 2026-05-18 an envelope."""
        operation = query.text("operation")
        entries = self._of_run(query.required("run_id"), operation, query.text("block_id"))
        rows = [self._body(entry) for entry in entries]
        return self.generation.rows(rows)

    def _of_run(
        self, run_id: str, operation: str | None, block_id: str | None
    ) -> list[StoredArtifact]:
        if run_id not in self.store.runs:
            raise ApiError(404, "workflow run not found")
        return [
            entry
            for entry in self.store.artifacts(run_id)
            if operation in (None, self._operation(entry))
            and block_id in (None, entry.block_id, entry.step_id)
        ]

    def _operation(self, stored: StoredArtifact) -> str:
        return self.generation.operation(stored.record.operation)

    def _body(self, stored: StoredArtifact) -> bytes:
        return self.context.bodies.get(
            ("artifact", stored.record.id),
            lambda: artifact(self.generation, stored.record, stored.run_id, stored.step_id),
        )


class PrimitiveRoutes(Routes):
    """/v1/extractions and the like."""

    def routes(self) -> list[Route]:
        """Return a list and a get for each primitive that the generation has."""
        return [
            route
            for operation in self.generation.primitives
            for route in self._routes_of(operation)
        ]

    def _routes_of(self, operation: str) -> list[Route]:
        path = "/v1/" + _PRIMITIVE_PATHS[operation]
        own = [self.route(path + "/{id}/sources", self._sources)]
        return [
            self.route(path, lambda query: self._list(query, operation)),
            self.route(path + "/{id}", lambda query: self._get(query, operation)),
            *(own if operation == "extraction" else ()),
        ]

    def _sources(self, query: Query) -> Response:
        stored = self.store.artifact(query.path("id"))
        if stored is None or stored.record.operation != "extraction":
            raise ApiError(404, "Extraction not found")
        if not resolve(stored.record.data).get("output"):
            raise ApiError(422, "Extraction has no output to source")
        return answer(sources(stored.record))

    def _get(self, query: Query, operation: str) -> Response:
        wanted = query.path("id")
        stored = self.store.artifact(wanted)
        if stored is None or stored.record.operation != operation:
            name = f"Edit {wanted}" if operation == "edit" else operation.capitalize()
            raise ApiError(404, f"{name} not found")
        return record(self._body(stored, include_output=query.text("include_output") != "false"))

    def _list(self, query: Query, operation: str) -> Response:
        status = query.choice("status", _PRIMITIVE_STATUSES, None)
        entries = [
            entry
            for entry in self.store.all_artifacts()
            if entry.record.operation == operation and status in (None, entry.record.status)
        ]
        descending = query.choice("order", ("asc", "desc"), "desc") == "desc"
        entries.sort(key=lambda e: (moment(e.record.created_at), e.record.id), reverse=descending)
        return self.page(query, entries, lambda e: e.record.id, self._body, _PRIMITIVE_LIMITS)

    def _body(self, stored: StoredArtifact, *, include_output: bool = True) -> bytes:
        return self.context.bodies.get(
            ("primitive", stored.record.id, include_output),
            lambda: self.generation.primitive(stored.record, include_output=include_output),
        )
