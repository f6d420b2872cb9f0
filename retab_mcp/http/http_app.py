"""The ASGI app: which checks a request passes, in which order."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mcp.server import MCPServer
from mcp.server.transport_security import RequestBodyLimitMiddleware
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from retab_mcp.http.api_key_auth import ApiKeyAuth
from retab_mcp.http.endpoint import MAX_BODY_BYTES, McpEndpoint
from retab_mcp.http.health import health_routes
from retab_mcp.http.instrumentation import InstrumentedServer, UpstreamObserver
from retab_mcp.http.limits import CallLimits
from retab_mcp.http.metrics import Metrics
from retab_mcp.http.oauth import metadata_routes, with_oauth
from retab_mcp.http.options import HttpOptions
from retab_mcp.http.request_checks import RequestChecks, RequestTimeout, transport_security
from retab_mcp.http.request_id import RequestIds
from retab_mcp.queries.service import Service
from retab_mcp.settings import Settings

MCP_PATH = "/mcp"


def create_http_app(
    options: HttpOptions,
    settings: Settings,
    *,
    metrics: Metrics | None = None,
    service: Service | None = None,
    server: MCPServer[None] | None = None,
) -> Starlette:
    """Return the ASGI app of the service; its lifespan can run once.

    `metrics`, `service` and `server` replace those made from the options and settings (tests
    inject a transport, or more tools). Raises OptionsError for options that cannot be served.
    """
    options.check()
    metrics = metrics or Metrics()
    # Closed here, not in the SDK's lifespan, which runs once for each of two managers.
    service = service or Service(
        settings.base_url, cursor_key=settings.cursor_key, observer=UpstreamObserver(metrics)
    )
    endpoint = McpEndpoint(server or InstrumentedServer(settings, service, metrics))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        try:
            async with endpoint.run():
                yield
        finally:
            await service.aclose()

    checked = _with_checks(endpoint, options, settings, metrics)
    routes = [Route(MCP_PATH, checked), *health_routes(service, metrics)]
    if options.oauth:
        routes += metadata_routes(options)
    return Starlette(routes=routes, lifespan=lifespan)


def _with_checks(
    endpoint: ASGIApp, options: HttpOptions, settings: Settings, metrics: Metrics
) -> ASGIApp:
    """Wrap the endpoint, innermost first: the body of a request without a key is never read."""
    app: ASGIApp = CallLimits(endpoint, metrics)
    app = RequestBodyLimitMiddleware(app, MAX_BODY_BYTES)
    if options.oauth:
        app = with_oauth(app, metrics, options)
    else:
        app = ApiKeyAuth(app, metrics, settings.api_key if options.shared_key else "")
    app = RequestChecks(app, metrics, transport_security(options))
    app = RequestTimeout(app, metrics)
    return RequestIds(app)
