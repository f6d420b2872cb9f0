"""What all calls share: the HTTP client, the cache, and the time limit of a call."""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import anyio

from retab_mcp.models import ErrorKind
from retab_mcp.queries.cursor import CursorCodec, cursor_key_problem
from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.inspector import Inspector, Surroundings
from retab_mcp.queries.run_cache import RunCache
from retab_mcp.queries.run_links import RunLinks
from retab_mcp.retab.api import RetabApi
from retab_mcp.retab.client import RetabClient, Transport
from retab_mcp.retab.credential import Credential
from retab_mcp.retab.deadline import Clock, Deadline, Sleep
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.observer import Observer
from retab_mcp.retab.route_cache import RouteCache
from retab_mcp.retab.routes import AUTH_STATUS

# Some hosts give up on a call after 45 s, so fetching, retrying and waiting together end before.
CALL_SECONDS = 42.0

# Probes give up after a few seconds.
REACHABLE_SECONDS = 3.0
_NOBODYS_KEY = "none"
_RESTART = "Ask the person who runs this server to correct the setting and restart it."
_UNREACHABLE = frozenset({ErrorKind.UNAVAILABLE, ErrorKind.TIMEOUT, ErrorKind.NOT_CONFIGURED})

Now = Callable[[], datetime]
ReportProgress = Callable[[float, float, str], Awaitable[None]]


async def _report_nothing(progress: float, total: float, message: str) -> None:
    """Do nothing, for clients that did not ask for progress."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Service:
    """Makes an inspector for each call; opens nothing before the first request.

    `clock` (monotonic seconds), `sleep` and `now` (current UTC time) are injected here and
    nowhere else; `transport` replaces httpx's own in tests. `observer` is notified of requests to
    Retab and of cache hits. `run_url` is the template of links to runs.
    """

    def __init__(
        self,
        base_url: str,
        *,
        cursor_key: str = "",
        run_url: str = "",
        clock: Clock = time.monotonic,
        sleep: Sleep = anyio.sleep,
        now: Now = _utc_now,
        transport: "Transport | None" = None,
        observer: Observer | None = None,
    ) -> None:
        self._base_url = base_url
        self._clock = clock
        self._sleep = sleep
        self._now = now
        self._transport = transport
        self._observer = observer
        self._client: RetabClient | None = None
        self._route_cache = RouteCache()
        self._runs = RunCache(clock, observer)
        self._cursors = CursorCodec(cursor_key)
        self._links = RunLinks(run_url, base_url)
        self._cursor_key_problem = cursor_key_problem(cursor_key)

    def inspector(self, api_key: str, report_progress: ReportProgress | None = None) -> Inspector:
        """Return an inspector for one call with this key and progress callback.

        Raises QuestionError (not_configured) when the base URL or the cursor key cannot be used.
        """
        if self._cursor_key_problem:
            raise QuestionError(ErrorKind.NOT_CONFIGURED, self._cursor_key_problem, hint=_RESTART)
        credential = Credential(api_key)
        deadline = Deadline(self._clock, CALL_SECONDS)
        api = RetabApi(self._open(), credential, deadline, self._route_cache)
        surroundings = Surroundings(
            self._now,
            self._sleep,
            report_progress or _report_nothing,
            self._links.of(credential.fingerprint),
        )
        return Inspector(api, self._runs.of(credential), self._cursors, surroundings)

    async def is_reachable(self) -> bool:
        """Return whether Retab answers at all.

        `/v1/auth/status` refuses the dummy key with 401, which counts as an answer.
        """
        try:
            await self._open().get(
                AUTH_STATUS,
                credential=Credential(_NOBODYS_KEY),
                deadline=Deadline(self._clock, REACHABLE_SECONDS),
            )
        except (RetabError, QuestionError) as error:
            return error.kind not in _UNREACHABLE
        return True

    def _open(self) -> RetabClient:
        if self._client is None:
            try:
                self._client = RetabClient(
                    self._base_url,
                    clock=self._clock,
                    sleep=self._sleep,
                    transport=self._transport,
                    observer=self._observer,
                )
            except ValueError as error:
                raise QuestionError(
                    ErrorKind.NOT_CONFIGURED,
                    str(error),
                    hint=_RESTART,
                ) from None
        return self._client

    async def aclose(self) -> None:
        """Close the connections to Retab."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None
