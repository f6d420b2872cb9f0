"""Limits on concurrent requests: of one caller and of all, running and queued."""

from http import HTTPStatus
from weakref import WeakValueDictionary

import anyio
from starlette.types import ASGIApp, Receive, Scope, Send

from retab_mcp.http.caller import caller_of_scope
from retab_mcp.http.error_response import refuse
from retab_mcp.http.metrics import Metrics

# Per worker. A call spends most of its time waiting for Retab and holds a few MB at most.
MAX_RUNNING = 128
# About as many as are answered in ten seconds if Retab takes a quarter of a second for each.
MAX_WAITING = 512

# One assistant sends a handful of calls at once; a team that shares a key sends more.
MAX_RUNNING_PER_CALLER = 16
MAX_WAITING_PER_CALLER = 32

# Clients give up after 60 s, so a call that waits longer than this should be retried instead.
QUEUE_SECONDS = 10.0
RETRY_AFTER_SECONDS = 2


class _Slots:
    """Slots for requests that run, and a count of how many more may be admitted."""

    def __init__(self, running: int, waiting: int) -> None:
        self.running = anyio.Semaphore(running, fast_acquire=True)
        self.free = running + waiting


class CallLimits:
    """Run a bounded number of requests, queue a bounded number, refuse the rest with 429."""

    def __init__(
        self,
        app: ASGIApp,
        metrics: Metrics,
        *,
        running: int = MAX_RUNNING,
        waiting: int = MAX_WAITING,
        running_per_caller: int = MAX_RUNNING_PER_CALLER,
        waiting_per_caller: int = MAX_WAITING_PER_CALLER,
        queue_seconds: float = QUEUE_SECONDS,
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._all = _Slots(running, waiting)
        self._per_caller = (running_per_caller, waiting_per_caller)
        # Weak: an entry lives as long as a request of its caller runs or waits.
        self._callers: WeakValueDictionary[str, _Slots] = WeakValueDictionary()
        self._queue_seconds = queue_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        own = self._slots_of(caller_of_scope(scope).fingerprint)
        if not own.free or not self._all.free:
            await self._refuse(scope, receive, send)
            return
        own.free -= 1
        self._all.free -= 1
        try:
            if await self._acquire(own):
                await self._run(own, scope, receive, send)
            else:
                await self._refuse(scope, receive, send)
        finally:
            own.free += 1
            self._all.free += 1

    async def _acquire(self, own: _Slots) -> bool:
        """Wait for a slot of the caller, then for one of all; return whether both came in time.

        In this order, since a request that waits for its own caller must not block others.
        """
        with self._metrics.waiting.track_inprogress(), anyio.move_on_after(self._queue_seconds):
            await own.running.acquire()
            try:
                await self._all.running.acquire()
            except BaseException:
                own.running.release()
                raise
            return True
        return False

    async def _run(self, own: _Slots, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            with self._metrics.in_flight.track_inprogress():
                await self._app(scope, receive, send)
        finally:
            self._all.running.release()
            own.running.release()

    def _slots_of(self, caller: str) -> _Slots:
        slots = self._callers.get(caller)
        if slots is None:
            slots = self._callers[caller] = _Slots(*self._per_caller)
        return slots

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = HTTPStatus.TOO_MANY_REQUESTS
        headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
        message = "Too many calls at once. Try again in a few seconds."
        await refuse(scope, receive, send, self._metrics, status, message, headers)
