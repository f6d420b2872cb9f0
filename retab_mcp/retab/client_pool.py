"""Lend HTTP clients that keep one connection each, in the order of asking."""

from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import anyio
import httpx

from retab_mcp.retab.deadline import Clock
from retab_mcp.retab.transport import KEEP_SECONDS, open_client, tls_context

# httpx itself allows 20 idle connections; with more callers at once, most requests would start
# with a new TLS handshake.
MAX_CONNECTIONS = 100


class _Idle(NamedTuple):
    client: httpx.AsyncClient
    since: float


class ClientPool:
    """Clients for the API at `base_url`, each lent to one request at a time.

    One client with many connections would do, but httpcore assigns an idle connection to every
    request that asks before the first of them has sent anything; the others have to ask again. On
    a busy loop some requests then wait for seconds while later ones pass them.

    `clock` returns monotonic seconds, `transport` replaces the network. Raises RetabError
    not_configured like `open_client`.
    """

    def __init__(
        self,
        base_url: str,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
        max_connections: int = MAX_CONNECTIONS,
    ) -> None:
        self._base_url = base_url
        self._clock = clock
        self._transport = transport
        # Reading the trusted certificates takes longer than a request, so all clients share them.
        self._tls = tls_context(base_url) if transport is None else None
        self._places = anyio.Semaphore(max_connections, fast_acquire=True)
        self._all: set[httpx.AsyncClient] = set()
        # The one that has been idle for longest is the first.
        self._idle: deque[_Idle] = deque()

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        """Lend a client within the context; wait for one while all are lent."""
        async with self._places:
            client = self._idle.pop().client if self._idle else self._open()
            try:
                yield client
            finally:
                self._idle.append(_Idle(client, self._clock()))
            await self._close_old()

    async def aclose(self) -> None:
        """Close all connections; requests in flight fail."""
        self._idle.clear()
        while self._all:
            await self._all.pop().aclose()

    def _open(self) -> httpx.AsyncClient:
        client = open_client(self._base_url, self._transport, self._tls)
        self._all.add(client)
        return client

    async def _close_old(self) -> None:
        while self._idle and self._idle[0].since < self._clock() - KEEP_SECONDS:
            client = self._idle.popleft().client
            self._all.discard(client)
            await client.aclose()
