"""The differences between generations of the API (the defaults are the newest's), and the context
of the routes.

A generation is one file in `generations/`, which subclasses the generation before it (or
`Generation`), says what changed, and is registered in `generations/__init__.py`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from retab_mcp.sandbox.answers import Bodies, bare_list, envelope
from retab_mcp.sandbox.query import ApiError, Query
from retab_mcp.sandbox.records import (
    SampleArtifact,
    SampleRef,
    SampleRun,
    SampleStep,
)
from retab_mcp.sandbox.store import Store
from retab_mcp.sandbox.wire import artifacts
from retab_mcp.sandbox.wire.common import OPERATIONS, PRIMITIVES, Body

_BEARER = "Bearer "


class Generation(ABC):
    """One generation: its words, the bodies of runs and steps, and its routes."""

    name: ClassVar[str]
    # The key is a bearer token; until 2026-06-16 it was in the vendor's own header.
    bearer: ClassVar[bool] = True
    # Routes of steps are under their run, those of experiments under their workflow; experiments,
    # graphs and metrics have the fields that they had before 2026-05-21.
    nested: ClassVar[bool] = False
    # Lists that are not paged are arrays (until 2026-05-18), not envelopes.
    bare_lists: ClassVar[bool] = False
    # Records say which organization owns them (until 2026-05-12).
    names_owner: ClassVar[bool] = False
    # A run embeds a summary of its steps.
    embeds_steps: ClassVar[bool] = False
    # Extractions and parses say how finely pages are rendered.
    says_resolution: ClassVar[bool] = False
    # A filled document says its MIME type (for a week in May 2026).
    says_filled_type: ClassVar[bool] = False
    # Jobs of experiments say when they ran and which attempt it was (since 2026-05-10).
    says_attempts: ClassVar[bool] = True
    # Runs are filtered by a list of statuses (until 2026-05-21).
    filters_statuses: ClassVar[bool] = False
    # Runs are filtered by metadata, steps by workflow; reviews are sorted (since 2026-06-16).
    filters_metadata: ClassVar[bool] = True
    # Summaries of scores count documents with a score (since 2026-06-16).
    counts_scored: ClassVar[bool] = True
    # Names of the fingerprint of what an experiment run executed, the older and the current one.
    fingerprint: ClassVar[str] = "block_execution_fingerprint"
    current_fingerprint: ClassVar[str] = "current_block_execution_fingerprint"
    # Primitives with routes of their own, and operations that a step's ref can name.
    primitives: ClassVar[tuple[str, ...]] = PRIMITIVES
    referable: ClassVar[tuple[str, ...]] = OPERATIONS

    @abstractmethod
    def run(self, run: SampleRun, steps: tuple[SampleStep, ...]) -> Body:
        """Return the body of GET /v1/workflows/runs/{run_id}, which is also a row of the list."""

    @abstractmethod
    def step(self, run: SampleRun, step: SampleStep) -> Body:
        """Return the body of the route of one step."""

    @abstractmethod
    def step_row(self, run: SampleRun, step: SampleStep) -> Body:
        """Return a row of the list of steps."""

    @abstractmethod
    def routes(self, context: Context) -> list[Route]:
        """Return the routes that not every generation has, in the order in which they match."""

    def status(self, status: str) -> str:
        """Return this generation's word for a status."""
        return status

    def block_type(self, block_type: str) -> str:
        """Return this generation's word for a block type."""
        return block_type

    def operation(self, operation: str) -> str:
        """Return this generation's word for an artifact operation."""
        return operation

    def ref(self, artifact: SampleRef | None) -> Body | None:
        """Return the ref of an artifact; None where this generation cannot refer to it."""
        if artifact is None or artifact.operation not in self.referable:
            return None
        return {"operation": self.operation(artifact.operation), "id": artifact.id}

    def primitive(self, record: SampleArtifact, *, include_output: bool = True) -> Body:
        """Return the body of GET /v1/extractions/{id} and the like.

        `include_output` False gives the projection of g2e and g3 that polls ask for.
        """
        return artifacts.primitive(self, record, include_output=include_output)

    def publication(self, newest: SampleRun) -> Body:
        """Return what a workflow says about its published version."""
        published = {
            "version_id": newest.workflow_version_id,
            "published_at": newest.created_at,
            "description": "",
        }
        return {"project_id": None, "published": published}

    def rows(self, rows: Sequence[bytes]) -> Response:
        """Return the answer of a list that is not paged."""
        return bare_list(rows) if self.bare_lists else envelope(rows)

    def headers(self, key: str) -> dict[str, str]:
        """Return the header that carries the key."""
        return {"Authorization": _BEARER + key} if self.bearer else {"Api-Key": key}

    def key_in(self, request: Request) -> str | None:
        """Return the key that a request carries in this generation's header."""
        if not self.bearer:
            return request.headers.get("api-key")
        sent = request.headers.get("authorization", "")
        return sent.removeprefix(_BEARER) if sent.startswith(_BEARER) else None


Endpoint = Callable[[Query], Response]


@dataclass(frozen=True)
class Context:
    """One server's state; nothing in it changes but the cache of bodies."""

    generation: Generation
    store: Store
    key: str
    bodies: Bodies = field(default_factory=Bodies)

    def authenticate(self, request: Request) -> None:
        """Raise a 401 unless the request carries the key in this generation's header."""
        given = self.generation.key_in(request)
        if not given:
            raise ApiError(401, "Not authenticated")
        if given != self.key:
            raise ApiError(401, "Invalid API key")

    def route(self, path: str, endpoint: Endpoint) -> Route:
        """Return a GET route that checks the key, then passes on the parameters."""

        async def handle(request: Request) -> Response:
            self.authenticate(request)
            return endpoint(Query(request))

        return Route(path, handle, methods=["GET"])
