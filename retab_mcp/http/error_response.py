"""Error responses to requests that do not become a tool call, and their log lines."""

import logging
from collections.abc import Mapping
from http import HTTPStatus

from mcp.types import INVALID_REQUEST
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from retab_mcp.http.caller import address_of
from retab_mcp.http.metrics import Metrics
from retab_mcp.http.request_id import request_id_of

logger = logging.getLogger("retab_mcp.http")

_LOGGED = "retab_mcp.refused"


async def refuse(
    scope: Scope,
    receive: Receive,
    send: Send,
    metrics: Metrics,
    status: HTTPStatus,
    message: str,
    headers: Mapping[str, str] | None = None,
    *,
    reason: str,
    caller: str = "",
) -> None:
    """Send `status` with a JSON-RPC error that holds `message`; count and log the refusal.

    `reason` is one word for the log, `caller` the name of the caller if it is known.
    """
    _record(scope, metrics, status, reason, caller)
    body = {"jsonrpc": "2.0", "id": None, "error": {"code": INVALID_REQUEST, "message": message}}
    await JSONResponse(body, status, headers)(scope, receive, send)


class RefusalLog:
    """Count and log the refusals of the SDK too, which knows neither metrics nor log."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def watch(message: Message) -> None:
            if message["type"] == "http.response.start" and _LOGGED not in scope:
                status = message["status"]
                if status >= HTTPStatus.BAD_REQUEST:
                    _record(scope, self._metrics, HTTPStatus(status), "protocol")
            await send(message)

        await self._app(scope, receive, watch)


def _record(
    scope: Scope, metrics: Metrics, status: HTTPStatus, reason: str, caller: str = ""
) -> None:
    scope[_LOGGED] = True
    metrics.refused(status)
    logger.info(
        "refused",
        extra={
            "request_id": request_id_of(scope),
            "status": status.value,
            "reason": reason,
            "caller": caller or None,
            "client": address_of(scope) or None,
        },
    )
