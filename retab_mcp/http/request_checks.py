"""Checks before a request is read: method, host, origin, and the time it may take."""

from collections.abc import Iterable
from http import HTTPStatus

import anyio
from mcp.server.transport_security import TransportSecurityMiddleware, TransportSecuritySettings
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from retab_mcp.http.error_response import refuse
from retab_mcp.http.metrics import Metrics
from retab_mcp.http.options import HttpOptions

# A tool call ends within 45 s; reading the request, waiting in the queue and sending the answer
# come on top.
REQUEST_SECONDS = 75.0

_LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")


def transport_security(options: HttpOptions) -> TransportSecuritySettings:
    """Return the accepted Host and Origin values, which protect against DNS rebinding.

    Without lists in `options`: the names of loopback, and pages served from there.
    """
    hosts = options.allowed_hosts or _LOOPBACK_HOSTS
    origins = options.allowed_origins
    if not options.allowed_hosts and not origins:
        origins = tuple(f"http://{host}" for host in _LOOPBACK_HOSTS)
    return TransportSecuritySettings(
        allowed_hosts=_with_any_port(hosts), allowed_origins=_with_any_port(origins)
    )


def _with_any_port(names: Iterable[str]) -> list[str]:
    return [form for name in names for form in (name, f"{name}:*")]


class RequestChecks:
    """Refuse methods other than POST, and hosts and origins that are not on the lists.

    A GET would open a stream, on which a stateless server has nothing to send.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, security: TransportSecuritySettings) -> None:
        self._app = app
        self._metrics = metrics
        self._security = TransportSecurityMiddleware(security)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        refusal = await self._security.validate_request(Request(scope))
        if refusal is not None:
            status = HTTPStatus(refusal.status_code)
            message = "The Host or Origin header is not one that this server accepts."
            await refuse(
                scope, receive, send, self._metrics, status, message, reason="host_or_origin"
            )
        elif scope["method"] != "POST":
            status = HTTPStatus.METHOD_NOT_ALLOWED
            message = "This server keeps no sessions and opens no streams: POST only."
            allow = {"Allow": "POST"}
            await refuse(
                scope, receive, send, self._metrics, status, message, allow, reason="method"
            )
        else:
            await self._app(scope, receive, send)


class RequestTimeout:
    """End a request that takes longer than `seconds`, including time in the queue."""

    def __init__(self, app: ASGIApp, metrics: Metrics, seconds: float = REQUEST_SECONDS) -> None:
        self._app = app
        self._metrics = metrics
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        with anyio.move_on_after(self._seconds) as timeout:
            await self._app(scope, receive, watch)
        if timeout.cancelled_caught and not started:
            status = HTTPStatus.SERVICE_UNAVAILABLE
            message = "The request timed out. Try again."
            await refuse(scope, receive, send, self._metrics, status, message, reason="timeout")
