"""The HTTP client of the Retab API: GET on allowed routes, within limits; returns safe JSON."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from itertools import count
from typing import TYPE_CHECKING, TypeAlias
from weakref import WeakValueDictionary

import anyio
from cachetools import LRUCache

from retab_mcp.models import ErrorKind, Json
from retab_mcp.retab.base_url import parse_base_url
from retab_mcp.retab.credential import AuthScheme, Credential
from retab_mcp.retab.deadline import Clock, Deadline, Sleep
from retab_mcp.retab.decode import read_body
from retab_mcp.retab.errors import RetabError, from_response
from retab_mcp.retab.observer import Attempt, Observer
from retab_mcp.retab.off_loop import off_loop
from retab_mcp.retab.routes import Route, build_path

if TYPE_CHECKING:
    import httpx

    from retab_mcp.retab.client_pool import ClientPool
    from retab_mcp.retab.transport import Response

# For annotations outside this package, where httpx is not imported.
Transport: TypeAlias = "httpx.AsyncBaseTransport"

Params: TypeAlias = Mapping[str, str | int | float | bool | Sequence[str] | None]

# The largest steps seen are of 50 MB.
MAX_BODY_BYTES = 64 * 1024 * 1024

# Per caller, so that an assistant leaves Retab capacity for the user's other work.
MAX_REQUESTS_AT_ONCE = 4

# A caller that drops out of the cache of working headers costs one more request.
MAX_CACHED_CALLERS = 1_000

# The older API accepts the key in this query parameter, but keys in URLs end up in logs.
_FORBIDDEN_PARAMETER = "access_token"


@dataclass(frozen=True)
class Reply:
    """A successful response: safe JSON, HTTP status, Retab's request id, size in bytes."""

    json: Json
    status: int
    request_id: str | None
    size: int


class RetabClient:
    """Reads from one Retab API for any number of callers; connects at the first get.

    `base_url` is checked by `parse_base_url` (ValueError). `clock` (monotonic seconds) and
    `sleep` (seconds) are those of the deadlines. `transport` replaces the network in tests.
    `observer` receives every request.
    """

    def __init__(
        self,
        base_url: str,
        *,
        clock: Clock = time.monotonic,
        sleep: Sleep = anyio.sleep,
        transport: "Transport | None" = None,
        max_body_bytes: int = MAX_BODY_BYTES,
        observer: Observer | None = None,
    ) -> None:
        self.base_url = parse_base_url(base_url)
        self._sleep = sleep
        self._transport = transport
        self._max_body_bytes = max_body_bytes
        self._observer = observer or Observer()
        self._clock = clock
        self._clients: ClientPool | None = None
        self._working_scheme: LRUCache[str, AuthScheme] = LRUCache(MAX_CACHED_CALLERS)
        # Weak references: a limiter exists while a request of its caller runs or waits.
        self._limiters: WeakValueDictionary[str, anyio.Semaphore] = WeakValueDictionary()

    async def get(
        self,
        route: Route,
        ids: Mapping[str, str] | None = None,
        params: Params | None = None,
        *,
        credential: Credential,
        deadline: Deadline,
    ) -> Reply:
        """GET `route` with `ids` in its path and `params` as its query.

        A parameter that is None is omitted, a list is sent as repeated parameters. The JSON is
        cleaned and redacted. Raises RetabError of any kind; ValueError for ids that the route
        does not name.
        """
        query = {name: value for name, value in (params or {}).items() if value is not None}
        if _FORBIDDEN_PARAMETER in query:
            raise ValueError("a credential is never sent in a URL")
        ids = ids or {}
        request = _Request(
            route=route,
            url=self.base_url + build_path(route, ids),
            query=query,
            sent=frozenset(ids) | frozenset(query),
            credential=credential,
            deadline=deadline,
        )
        if not deadline.expired:
            with anyio.move_on_after(deadline.remaining()):
                response = await self._send(request)
                reply = partial(self._reply, route, response)
                return await off_loop(len(response.body), reply)
        raise RetabError(
            ErrorKind.TIMEOUT,
            f"The call's time limit was reached before Retab returned the {route.noun}.",
        )

    async def aclose(self) -> None:
        """Close the connections; a later get opens new ones."""
        clients, self._clients = self._clients, None
        if clients is not None:
            await clients.aclose()

    async def _send(self, request: "_Request") -> "Response":
        fingerprint = request.credential.fingerprint
        first: AuthScheme = self._working_scheme.get(fingerprint, "Bearer")
        second: AuthScheme = "Api-Key" if first == "Bearer" else "Bearer"
        try:
            return await self._send_by(first, request)
        except RetabError as error:
            if error.kind != ErrorKind.UNAUTHORIZED:
                raise
        response = await self._send_by(second, request)
        self._working_scheme[fingerprint] = second
        return response

    async def _send_by(self, scheme: AuthScheme, request: "_Request") -> "Response":
        from retab_mcp.retab.retry import with_retries

        return await with_retries(
            partial(self._attempt, scheme, request), deadline=request.deadline, sleep=self._sleep
        )

    async def _attempt(self, scheme: AuthScheme, request: "_Request") -> "Response":
        from retab_mcp.retab import transport
        from retab_mcp.retab.client_pool import ClientPool

        if self._clients is None:
            self._clients = ClientPool(self.base_url, self._clock, self._transport)
        attempt = Attempt(request.route.template, next(request.attempts))
        async with self._limiter(request.credential), self._clients.client() as http:
            with self._observer.attempt(attempt):
                response = await transport.fetch(
                    http,
                    request.url,
                    request.query,
                    request.credential.header(scheme),
                    seconds=request.deadline.remaining(),
                    max_body_bytes=self._max_body_bytes,
                )
                attempt.status, attempt.size = response.status, len(response.body)
                attempt.date = response.headers.get("date")
        noun = request.route.noun
        if response.status >= HTTPStatus.BAD_REQUEST:
            raise from_response(
                response.status, response.headers, response.body, noun=noun, sent=request.sent
            )
        if response.status >= HTTPStatus.MULTIPLE_CHOICES:
            raise RetabError(
                ErrorKind.BAD_RESPONSE,
                f"Retab redirected the request for the {noun}. Redirects are not followed.",
                status=response.status,
                request_id=response.request_id,
            )
        return response

    def _limiter(self, credential: Credential) -> anyio.Semaphore:
        limiter = self._limiters.get(credential.fingerprint)
        if limiter is None:
            limiter = anyio.Semaphore(MAX_REQUESTS_AT_ONCE, fast_acquire=True)
            self._limiters[credential.fingerprint] = limiter
        return limiter

    def _reply(self, route: Route, response: "Response") -> Reply:
        try:
            json = read_body(route, response.body)
        except RetabError as error:
            error.status, error.request_id = response.status, response.request_id
            raise
        return Reply(json, response.status, response.request_id, len(response.body))


@dataclass(frozen=True)
class _Request:
    route: Route
    url: str
    query: Mapping[str, str | int | float | bool | Sequence[str]]
    sent: frozenset[str]
    credential: Credential
    deadline: Deadline
    attempts: Iterator[int] = field(default_factory=count)
