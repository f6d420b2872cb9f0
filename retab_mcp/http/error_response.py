"""Error responses to requests that do not become a tool call."""

import logging
from collections.abc import Mapping
from http import HTTPStatus

from mcp.types import INVALID_REQUEST
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from retab_mcp.http.metrics import Metrics
from retab_mcp.http.request_id import request_id_of

logger = logging.getLogger("retab_mcp.http")


async def refuse(
    scope: Scope,
    receive: Receive,
    send: Send,
    metrics: Metrics,
    status: HTTPStatus,
    message: str,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Send `status` with a JSON-RPC error that holds `message`; count and log the refusal."""
    metrics.refused(status)
    logger.info("refused", extra={"request_id": request_id_of(scope), "status": status.value})
    body = {"jsonrpc": "2.0", "id": None, "error": {"code": INVALID_REQUEST, "message": message}}
    await JSONResponse(body, status, headers)(scope, receive, send)
