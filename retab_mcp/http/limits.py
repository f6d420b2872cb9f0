"""How many requests are answered at once, of one caller and in all, and how many may wait."""

from http import HTTPStatus
from weakref import WeakValueDictionary

import anyio
from starlette.types import ASGIApp, Receive, Scope, Send

from retab_mcp.http.caller import caller_of_scope
from retab_mcp.http.metrics import Metrics
from retab_mcp.http.refusal import refuse

# Of one worker. A call waits for Retab most of its time and holds some MB at most.
MAX_RUNNING = 128
# About what is answered in ten seconds where Retab takes a quarter of a second for each.
MAX_WAITING = 512

# One assistant asks a handful of questions at once; a team behind one key some more.
MAX_RUNNING_PER_CALLER = 16
MAX_WAITING_PER_CALLER = 32

# Hosts give up after 60 s: one that waits longer than this is better told to come back.
QUEUE_SECONDS = 10.0
RETRY_AFTER_SECONDS = 2


class _Turns:
    """Turns for a number of requests at once, and places to wait for some more."""

    def __init__(self, running: int, waiting: int) -> None:
        self.turn = anyio.Semaphore(running, fast_acquire=True)
        self.places = running + waiting


class CallLimits:
    """Lets a bounded number of requests through, and refuses with 429 those that cannot wait."""

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
        self._all = _Turns(running, waiting)
        self._per_caller = (running_per_caller, waiting_per_caller)
        # Weak: a caller's turns live as long as a request of it is running or waiting.
        self._callers: WeakValueDictionary[str, _Turns] = WeakValueDictionary()
        self._queue_seconds = queue_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        own = self._turns_of(caller_of_scope(scope).fingerprint)
        if not own.places or not self._all.places:
            await self._refuse(scope, receive, send)
            return
        own.places -= 1
        self._all.places -= 1
        try:
            if await self._take_turns(own):
                await self._run(own, scope, receive, send)
            else:
                await self._refuse(scope, receive, send)
        finally:
            own.places += 1
            self._all.places += 1

    async def _take_turns(self, own: _Turns) -> bool:
        """Wait for a turn of the caller's, then for one of all; return whether both came in time.

        In this order, as whoever waits for its own turn must not keep others from running.
        """
        with self._metrics.waiting.track_inprogress(), anyio.move_on_after(self._queue_seconds):
            await own.turn.acquire()
            try:
                await self._all.turn.acquire()
            except BaseException:
                own.turn.release()
                raise
            return True
        return False

    async def _run(self, own: _Turns, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            with self._metrics.in_flight.track_inprogress():
                await self._app(scope, receive, send)
        finally:
            self._all.turn.release()
            own.turn.release()

    def _turns_of(self, caller: str) -> _Turns:
        turns = self._callers.get(caller)
        if turns is None:
            turns = self._callers[caller] = _Turns(*self._per_caller)
        return turns

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = HTTPStatus.TOO_MANY_REQUESTS
        headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
        message = "Too many calls at once: try again in some seconds."
        await refuse(scope, receive, send, self._metrics, status, message, headers)
