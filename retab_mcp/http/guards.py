"""Which requests are looked at: the right method, host and origin, within a time."""

from collections.abc import Iterable
from http import HTTPStatus

import anyio
from mcp.server.transport_security import TransportSecurityMiddleware, TransportSecuritySettings
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from retab_mcp.http.metrics import Metrics
from retab_mcp.http.options import HttpOptions
from retab_mcp.http.refusal import refuse

# A tool call ends within 55 s; reading the request, waiting for its turn and sending the answer
# come on top.
REQUEST_SECONDS = 75.0

# Arguments are ids, words and cursors.
MAX_BODY_BYTES = 256 * 1024

_LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")


def transport_security(options: HttpOptions) -> TransportSecuritySettings:
    """Return the Host and Origin values to accept, against pages that rebind a host name.

    On loopback without lists of its own: the names of loopback, and pages served from there.
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


class Guards:
    """Refuses other methods than POST, and other hosts and origins than the listed ones.

    A GET would open a stream on which a stateless server has nothing to say.
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
            await refuse(scope, receive, send, self._metrics, status, message)
        elif scope["method"] != "POST":
            status = HTTPStatus.METHOD_NOT_ALLOWED
            message = "This server keeps no sessions and opens no streams: POST only."
            await refuse(scope, receive, send, self._metrics, status, message, {"Allow": "POST"})
        else:
            await self._app(scope, receive, send)


class RequestDeadline:
    """Ends a request that takes too long, whatever it is waiting for."""

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

        with anyio.move_on_after(self._seconds) as timing:
            await self._app(scope, receive, watch)
        if timing.cancelled_caught and not started:
            status = HTTPStatus.SERVICE_UNAVAILABLE
            message = "The request took too long and was given up."
            await refuse(scope, receive, send, self._metrics, status, message)
