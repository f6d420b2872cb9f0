"""The service put together: which request passes what on its way to a tool."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mcp.server import MCPServer
from mcp.server.transport_security import RequestBodyLimitMiddleware
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from retab_mcp.http.caller import RequestIds
from retab_mcp.http.credentials import RetabKeys
from retab_mcp.http.endpoint import McpEndpoint
from retab_mcp.http.guards import MAX_BODY_BYTES, Guards, RequestDeadline, transport_security
from retab_mcp.http.health import health_routes
from retab_mcp.http.limits import CallLimits
from retab_mcp.http.metrics import Metrics
from retab_mcp.http.oauth import metadata_routes, with_oauth
from retab_mcp.http.observed import ObservedServer, UpstreamObserver
from retab_mcp.http.options import HttpOptions
from retab_mcp.queries.service import Service
from retab_mcp.settings import Settings

MCP_PATH = "/mcp"


def create_app(
    options: HttpOptions,
    settings: Settings,
    *,
    metrics: Metrics | None = None,
    service: Service | None = None,
    server: MCPServer[None] | None = None,
) -> Starlette:
    """Return the ASGI app of the service; it is good for one run of its lifespan.

    `metrics`, `service` and `server` replace those made from the options and settings (tests
    inject a transport, or more tools). Raises OptionsError for options that cannot be served.
    """
    options.check()
    metrics = metrics or Metrics()
    # Outside of the SDK's lifespan, which is entered once for each of two managers.
    service = service or Service(
        settings.base_url, cursor_key=settings.cursor_key, observer=UpstreamObserver(metrics)
    )
    endpoint = McpEndpoint(server or ObservedServer(settings, service, metrics))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        try:
            async with endpoint.run():
                yield
        finally:
            await service.aclose()

    guarded = _guarded(endpoint, options, settings, metrics)
    routes = [Route(MCP_PATH, guarded), *health_routes(service, metrics)]
    if options.oauth:
        routes += metadata_routes(options)
    return Starlette(routes=routes, lifespan=lifespan)


def _guarded(
    endpoint: ASGIApp, options: HttpOptions, settings: Settings, metrics: Metrics
) -> ASGIApp:
    """Wrap the endpoint, innermost first: nothing is read of a request that brings no key."""
    app: ASGIApp = CallLimits(endpoint, metrics)
    app = RequestBodyLimitMiddleware(app, MAX_BODY_BYTES)
    if options.oauth:
        app = with_oauth(app, metrics, options)
    else:
        app = RetabKeys(app, metrics, settings.api_key if options.shared_key else "")
    app = Guards(app, metrics, transport_security(options))
    app = RequestDeadline(app, metrics)
    return RequestIds(app)
