"""Request ids: in the ASGI scope, the log and the response."""

import re
import secrets

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUEST_ID_HEADER = "x-request-id"

# The SDK passes the ASGI scope on to tool calls unchanged.
_SCOPE_KEY = "retab_mcp.request_id"
# A proxy's id is kept if it is short and cannot break a log line.
_SAFE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_NEW_ID_BYTES = 8


class RequestIds:
    """Give each request an id, the proxy's or a new one, and repeat it in the response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        proxy_id = Headers(scope=scope).get(REQUEST_ID_HEADER, "")
        safe = _SAFE_ID.fullmatch(proxy_id) is not None
        request_id = proxy_id if safe else secrets.token_hex(_NEW_ID_BYTES)
        scope[_SCOPE_KEY] = request_id

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                header = (REQUEST_ID_HEADER.encode(), request_id.encode())
                message["headers"] = [*message.get("headers", ()), header]
            await send(message)

        await self._app(scope, receive, send_with_id)


def request_id_of(scope: Scope) -> str:
    """Return the id of a request; empty before it has one."""
    return str(scope.get(_SCOPE_KEY, ""))
