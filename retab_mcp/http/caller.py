"""Who asks: the credential and the id that travel with one HTTP request."""

import re
import secrets
from dataclasses import dataclass, field
from typing import Any

from mcp.server.mcpserver import Context
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from retab_mcp.retab.credential import Credential

# Places in the ASGI scope, which the SDK hands through to the tool call as it is.
_CALLER = "retab_mcp.caller"
_REQUEST_ID = "retab_mcp.request_id"

REQUEST_ID_HEADER = "x-request-id"
# A proxy's id is taken over if it is short and harmless in a log.
_REQUEST_ID_FORM = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_REQUEST_ID_BYTES = 8


class RequestIds:
    """Gives every request an id, the proxy's or a new one, and the response the same."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        given = Headers(scope=scope).get(REQUEST_ID_HEADER, "")
        known = _REQUEST_ID_FORM.fullmatch(given) is not None
        request_id = given if known else secrets.token_hex(_REQUEST_ID_BYTES)
        scope[_REQUEST_ID] = request_id

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                header = (REQUEST_ID_HEADER.encode(), request_id.encode())
                message["headers"] = [*message.get("headers", ()), header]
            await send(message)

        await self._app(scope, receive, send_with_id)


@dataclass(frozen=True)
class Caller:
    """Who a request is answered for: a Retab key, and what stands for it in caches and limits."""

    key: str = field(repr=False)
    fingerprint: str

    @classmethod
    def of(cls, key: str) -> "Caller":
        """Return the caller with this key; raise RetabError for what cannot be one."""
        return cls(key, Credential(key).fingerprint)


def set_caller(scope: Scope, caller: Caller) -> None:
    """Remember who this request is answered for."""
    scope[_CALLER] = caller


def caller_of_scope(scope: Scope) -> Caller:
    """Return who a request is answered for; raises KeyError where nothing has set it."""
    caller: Caller = scope[_CALLER]
    return caller


def request_id_of_scope(scope: Scope) -> str:
    """Return the id of a request."""
    return str(scope.get(_REQUEST_ID, ""))


def scope_of(context: Context[None, Any] | None) -> Scope:
    """Return the scope of the HTTP request that brought a tool call; empty outside of HTTP."""
    request = context.request_context.request if context is not None else None
    scope: Scope = getattr(request, "scope", {})
    return scope


def caller_of(context: Context[None, Any] | None) -> Caller:
    """Return who a tool call is answered for."""
    return caller_of_scope(scope_of(context))
