"""The routes for probes and monitoring: `/healthz`, `/readyz`, `/metrics`."""

import time
from collections.abc import Callable

import anyio
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from retab_mcp.http.metrics import Metrics
from retab_mcp.queries.service import Service

# However many probes arrive, Retab sees at most one request in this time.
READY_SECONDS = 10.0


class Readiness:
    """Whether Retab answers, checked at most once in READY_SECONDS."""

    def __init__(self, service: Service, clock: Callable[[], float] = time.monotonic) -> None:
        self._service = service
        self._clock = clock
        self._lock = anyio.Lock()
        self._ready = False
        self._until = float("-inf")

    async def check(self) -> bool:
        """Return whether Retab answered the last check, which is made now if none is recent."""
        async with self._lock:
            if self._clock() >= self._until:
                self._ready = await self._service.is_reachable()
                self._until = self._clock() + READY_SECONDS
            return self._ready


def health_routes(service: Service, metrics: Metrics) -> list[Route]:
    """Return the routes for probes and for Prometheus, which need no key."""
    readiness = Readiness(service)

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def readyz(_request: Request) -> Response:
        if await readiness.check():
            return JSONResponse({"status": "ready"})
        return JSONResponse({"status": "unready", "reason": "Retab does not answer."}, 503)

    async def show_metrics(_request: Request) -> Response:
        return Response(metrics.exposition(), media_type=CONTENT_TYPE_LATEST)

    return [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", show_metrics),
    ]
