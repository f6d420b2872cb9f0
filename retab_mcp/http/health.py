"""The routes for probes and monitoring: `/healthz`, `/readyz`, `/metrics`."""

import time
from collections.abc import Callable

import anyio
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from retab_mcp.http.keys_file import KeysFile
from retab_mcp.http.metrics import Metrics
from retab_mcp.queries.service import Service

# However many probes arrive, Retab sees at most one request in this time.
READY_SECONDS = 10.0


class Upstream:
    """Whether Retab answers, checked at most once in READY_SECONDS."""

    def __init__(self, service: Service, clock: Callable[[], float] = time.monotonic) -> None:
        self._service = service
        self._clock = clock
        self._lock = anyio.Lock()
        self._answers = False
        self._until = float("-inf")

    async def answers(self) -> bool:
        """Return whether Retab answered the last check, which is made now if none is recent."""
        async with self._lock:
            if self._clock() >= self._until:
                self._answers = await self._service.is_reachable()
                self._until = self._clock() + READY_SECONDS
            return self._answers


def health_routes(service: Service, metrics: Metrics, keys: KeysFile | None = None) -> list[Route]:
    """Return the routes for probes and for Prometheus, which need no key.

    A service with an unusable file of `keys` is not ready. If Retab does not answer, it stays
    ready: its error answers say more than the refusals of a service without replicas.
    """
    upstream = Upstream(service)

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def readyz(_request: Request) -> Response:
        problem = keys.problem() if keys is not None else ""
        if problem:
            return JSONResponse({"status": "unready", "reason": problem}, 503)
        retab = "answers" if await upstream.answers() else "does not answer"
        return JSONResponse({"status": "ready", "retab": retab})

    async def show_metrics(_request: Request) -> Response:
        return Response(metrics.exposition(), media_type=CONTENT_TYPE_LATEST)

    return [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", show_metrics),
    ]
