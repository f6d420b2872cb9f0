"""A client on a simulated network that records requests and gives prepared answers."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from retab_mcp.retab.client import Reply, RetabClient
from retab_mcp.retab.credential import Credential
from retab_mcp.retab.deadline import Deadline
from retab_mcp.retab.routes import RUN, Route

BASE_URL = "https://retab.test"
KEY = "rt_" + "test_" + "0123456789"
CALL_SECONDS = 50.0

Handler = Callable[[httpx.Request], httpx.Response | Awaitable[httpx.Response]]


class ClientScene:
    """A client whose responses come from a list or a function; only sleeping moves its clock."""

    def __init__(
        self, answers: "list[httpx.Response | Exception] | Handler", **limits: Any
    ) -> None:
        self.now = 0.0
        self.waits: list[float] = []
        self.requests: list[httpx.Request] = []
        self._answers = answers
        self.client = RetabClient(
            BASE_URL,
            clock=lambda: self.now,
            sleep=self.sleep,
            transport=httpx.MockTransport(self._handle),
            **limits,
        )

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if not isinstance(self._answers, list):
            answer = self._answers(request)
            return answer if isinstance(answer, httpx.Response) else await answer
        given = self._answers.pop(0)
        if isinstance(given, Exception):
            raise given
        return given

    async def get(
        self,
        route: Route = RUN,
        ids: dict[str, str] | None = None,
        params: dict[str, Any] | None = None,
        *,
        key: str = KEY,
        seconds: float = CALL_SECONDS,
    ) -> Reply:
        ids = {"run_id": "run_1"} if ids is None else ids
        return await self.client.get(
            route,
            ids,
            params,
            credential=Credential(key),
            deadline=Deadline(lambda: self.now, seconds),
        )


def answer(status: int = 200, body: Any = None, **headers: str) -> httpx.Response:
    """Return a response with a JSON body; `_` in header names becomes `-`."""
    return httpx.Response(
        status,
        content=json.dumps(body).encode(),
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )
