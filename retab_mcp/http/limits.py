"""Limits on concurrent requests: of one caller, of strangers and of all, running and queued."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import NamedTuple
from weakref import WeakValueDictionary

import anyio
from starlette.types import ASGIApp, Receive, Scope, Send

from retab_mcp.http.accepted_callers import AcceptedCallers
from retab_mcp.http.caller import caller_of_scope, network_of
from retab_mcp.http.error_response import refuse
from retab_mcp.http.metrics import Metrics


class Places(NamedTuple):
    """How many requests may run at once, and how many more may wait."""

    running: int
    waiting: int


# Per worker. A call spends most of its time waiting for Retab and holds a few MB at most. As many
# may wait as are answered in ten seconds if Retab takes a quarter of a second for each.
ALL = Places(128, 512)

# One assistant sends a handful of calls at once; a team that shares a key sends more.
CALLER = Places(16, 32)

# Callers whose key Retab has not accepted yet: those of one address, and all of them. Anybody can
# make up keys, so strangers together leave most places to the others.
STRANGERS_OF_ADDRESS = Places(8, 24)
STRANGERS = Places(32, 128)

# Clients give up after 60 s, so a call that waits longer than this should be retried instead.
QUEUE_SECONDS = 10.0
RETRY_AFTER_SECONDS = 2


class _Slots:
    """Slots for requests that run, and a count of how many more may be admitted."""

    def __init__(self, places: Places) -> None:
        self.running = anyio.Semaphore(places.running, fast_acquire=True)
        self.free = sum(places)


class CallLimits:
    """Run a bounded number of requests, queue a bounded number, refuse the rest with 429.

    A caller has its own places once Retab has accepted its key, or if it is `known`. Others share
    the places of strangers from their address.
    """

    def __init__(
        self,
        app: ASGIApp,
        metrics: Metrics,
        accepted: AcceptedCallers,
        *,
        everyone: Places = ALL,
        caller: Places = CALLER,
        strangers: Places = STRANGERS,
        strangers_of_address: Places = STRANGERS_OF_ADDRESS,
        queue_seconds: float = QUEUE_SECONDS,
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._accepted = accepted
        self._all = _Slots(everyone)
        self._strangers = _Slots(strangers)
        self._caller = caller
        self._strangers_of_address = strangers_of_address
        # Weak: an entry lives as long as a request of its caller or address runs or waits.
        self._callers: WeakValueDictionary[str, _Slots] = WeakValueDictionary()
        self._addresses: WeakValueDictionary[str, _Slots] = WeakValueDictionary()
        self._queue_seconds = queue_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        needed = self._slots_of(scope)
        if not all(slots.free for slots in needed):
            await self._refuse(scope, receive, send)
            return
        for slots in needed:
            slots.free -= 1
        try:
            if await self._acquire(needed):
                await self._run(needed, scope, receive, send)
            else:
                await self._refuse(scope, receive, send)
        finally:
            for slots in needed:
                slots.free += 1

    def _slots_of(self, scope: Scope) -> Sequence[_Slots]:
        """Return what a request needs a slot of, the narrowest first.

        In this order, since a request that waits for its own caller must not block others.
        """
        caller = caller_of_scope(scope)
        if caller.known or caller.fingerprint in self._accepted:
            return (_entry(self._callers, caller.fingerprint, self._caller), self._all)
        own = _entry(self._addresses, network_of(scope), self._strangers_of_address)
        return (own, self._strangers, self._all)

    async def _acquire(self, needed: Sequence[_Slots]) -> bool:
        """Wait for a slot of each; return whether all came in time."""
        acquired: list[_Slots] = []
        # The usual case, without a clock.
        try:
            for slots in needed:
                slots.running.acquire_nowait()
                acquired.append(slots)
            return True
        except anyio.WouldBlock:
            _release(acquired)
            acquired = []
        with self._metrics.waiting.track_inprogress(), anyio.move_on_after(self._queue_seconds):
            try:
                for slots in needed:
                    await slots.running.acquire()
                    acquired.append(slots)
            except BaseException:
                _release(acquired)
                raise
            return True
        return False

    async def _run(
        self, acquired: Sequence[_Slots], scope: Scope, receive: Receive, send: Send
    ) -> None:
        try:
            with self._metrics.in_flight.track_inprogress():
                await self._app(scope, receive, send)
        finally:
            _release(acquired)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = HTTPStatus.TOO_MANY_REQUESTS
        headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
        message = "Too many calls at once. Try again in a few seconds."
        await refuse(scope, receive, send, self._metrics, status, message, headers, reason="busy")


def _release(acquired: Sequence[_Slots]) -> None:
    for slots in acquired:
        slots.running.release()


def _entry(entries: "WeakValueDictionary[str, _Slots]", name: str, places: Places) -> _Slots:
    slots = entries.get(name)
    if slots is None:
        slots = entries[name] = _Slots(places)
    return slots
