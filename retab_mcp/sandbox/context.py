"""What every route needs: the generation, the samples, the written bodies and the key."""

from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from retab_mcp.sandbox.answers import Bodies
from retab_mcp.sandbox.generation import Generation
from retab_mcp.sandbox.query import ApiError, Query
from retab_mcp.sandbox.store import Store

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
