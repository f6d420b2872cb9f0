"""The ASGI app: which checks a request passes, in which order."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
from mcp.server import MCPServer
from mcp.server.transport_security import RequestBodyLimitMiddleware
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from retab_mcp.http.accepted_callers import AcceptedCallers
from retab_mcp.http.api_key_auth import ApiKeyAuth
from retab_mcp.http.endpoint import MAX_BODY_BYTES, McpEndpoint
from retab_mcp.http.error_response import RefusalLog
from retab_mcp.http.free_memory import c_trim, return_free_memory
from retab_mcp.http.health import health_routes
from retab_mcp.http.instrumentation import InstrumentedServer, UpstreamObserver
from retab_mcp.http.keys_file import KeysFile
from retab_mcp.http.limits import CallLimits
from retab_mcp.http.metrics import Metrics
from retab_mcp.http.oauth import metadata_routes, with_oauth
from retab_mcp.http.options import HttpOptions
from retab_mcp.http.request_checks import RequestChecks, RequestTimeout, transport_security
from retab_mcp.http.request_id import RequestIds
from retab_mcp.queries.service import Service
from retab_mcp.server import service_of
from retab_mcp.settings import Settings

MCP_PATH = "/mcp"


def create_http_app(
    options: HttpOptions,
    settings: Settings,
    *,
    metrics: Metrics | None = None,
    accepted: AcceptedCallers | None = None,
    service: Service | None = None,
    server: MCPServer[None] | None = None,
) -> Starlette:
    """Return the ASGI app of the service; its lifespan can run once.

    `metrics`, `accepted`, `service` and `server` replace those made from the options and settings
    (tests inject a transport, or more tools). Raises OptionsError for options that cannot be
    served.
    """
    options.check()
    metrics = metrics or Metrics()
    accepted = AcceptedCallers() if accepted is None else accepted
    keys = KeysFile(options.keys_file) if options.oauth else None
    # Closed here, not in the SDK's lifespan, which runs once for each of two managers.
    service = service or service_of(settings, UpstreamObserver(metrics, accepted))
    endpoint = McpEndpoint(server or InstrumentedServer(settings, service, metrics))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        try:
            async with endpoint.run(), anyio.create_task_group() as tasks:
                tasks.start_soon(return_free_memory, c_trim())
                yield
                tasks.cancel_scope.cancel()
        finally:
            await service.aclose()

    app = CallLimits(endpoint, metrics, accepted)
    checked = _with_checks(app, options, settings, metrics, keys)
    routes = [Route(MCP_PATH, checked), *health_routes(service, metrics, keys)]
    if options.oauth:
        routes += metadata_routes(options)
    return Starlette(routes=routes, lifespan=lifespan)


def _with_checks(
    app: ASGIApp,
    options: HttpOptions,
    settings: Settings,
    metrics: Metrics,
    keys: KeysFile | None,
) -> ASGIApp:
    """Wrap the app, innermost first: the body of a request without a key is never read."""
    app = RequestBodyLimitMiddleware(app, MAX_BODY_BYTES)
    if keys is not None:
        app = with_oauth(app, metrics, options, keys)
    else:
        app = ApiKeyAuth(app, metrics, settings.api_key if options.shared_key else "")
    app = RequestChecks(app, metrics, transport_security(options))
    app = RequestTimeout(app, metrics)
    app = RefusalLog(app, metrics)
    return RequestIds(app)
