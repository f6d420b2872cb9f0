"""The base of all groups of routes."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from starlette.responses import Response

from retab_mcp.sandbox.answers import page, to_bytes
from retab_mcp.sandbox.generation import Context
from retab_mcp.sandbox.query import ApiError, Query
from retab_mcp.sandbox.records import Json, SampleRun

T = TypeVar("T")


class Routes:
    """A group of routes over one server's state."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.store = context.store
        self.generation = context.generation
        self.route = context.route

    def page(
        self,
        query: Query,
        rows: Sequence[T],
        id_of: Callable[[T], str],
        body_of: Callable[[T], Json],
        limits: tuple[int, int],
    ) -> Response:
        """Return the page that the query asks for; `limits` are the default and the maximum.

        `body_of` returns a row's body, or its bytes where they are kept.
        """

        def written(row: T) -> bytes:
            body = body_of(row)
            return body if isinstance(body, bytes) else to_bytes(body)

        limit = query.integer("limit", limits[0], 1, limits[1])
        return page(rows, id_of, written, query.cursor(), limit)

    def run_of(self, query: Query) -> SampleRun:
        """Return the run that the path names, or raise a 404."""
        run = self.store.runs.get(query.path("run_id"))
        if run is None:
            raise ApiError(404, "Workflow run not found")
        return run
