"""Limits on running and queued requests, of one caller and of all."""

import anyio
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send

from retab_mcp.http.accepted_callers import AcceptedCallers
from retab_mcp.http.caller import Caller, set_caller
from retab_mcp.http.limits import CallLimits, Places
from retab_mcp.http.metrics import Metrics


class _Everyone(AcceptedCallers):
    """Accept every key."""

    def __contains__(self, fingerprint: str) -> bool:
        return True


EVERYONE = _Everyone()


class Work:
    """An app whose requests run until they are released, and that counts them."""

    def __init__(self) -> None:
        self.go = anyio.Event()
        self.running: dict[str, int] = {}
        self.most: dict[str, int] = {}
        self.most_in_all = 0
        self.done = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        caller = dict(scope["headers"])[b"caller"].decode()
        self.running[caller] = self.running.get(caller, 0) + 1
        self.most[caller] = max(self.most.get(caller, 0), self.running[caller])
        self.most_in_all = max(self.most_in_all, sum(self.running.values()))
        try:
            await self.go.wait()
        finally:
            self.running[caller] -= 1
        self.done += 1
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


class Keyed:
    """Use the caller's name as its key."""

    def __init__(self, app: CallLimits) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        set_caller(scope, Caller.with_key(dict(scope["headers"])[b"caller"].decode()))
        await self._app(scope, receive, send)


def client_of(limits: CallLimits) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=Keyed(limits))
    return httpx.AsyncClient(transport=transport, base_url="http://localhost")


async def storm(client: httpx.AsyncClient, callers: list[str], work: Work) -> list[httpx.Response]:
    """Send one request per caller at once; release them when no task can proceed."""
    responses: list[httpx.Response] = []

    async def one(caller: str) -> None:
        responses.append(await client.post("/", headers={"caller": caller}))

    async with anyio.create_task_group() as tasks:
        for caller in callers:
            tasks.start_soon(one, caller)
        await anyio.wait_all_tasks_blocked()
        work.go.set()
    return responses


async def test_one_caller_runs_a_bounded_number_of_requests() -> None:
    work = Work()
    limits = CallLimits(work, Metrics(), EVERYONE, caller=Places(2, 3))
    async with client_of(limits) as client:
        responses = await storm(client, ["acme"] * 9, work)
    assert sorted(response.status_code for response in responses) == [200] * 5 + [429] * 4
    assert work.most == {"acme": 2}


async def test_a_refusal_says_when_to_retry() -> None:
    work = Work()
    metrics = Metrics()
    limits = CallLimits(work, metrics, EVERYONE, caller=Places(1, 0))
    async with client_of(limits) as client:
        responses = await storm(client, ["acme"] * 2, work)
    refused = next(response for response in responses if response.status_code == 429)
    assert int(refused.headers["retry-after"]) >= 1
    assert b'retab_mcp_http_refusals_total{status="429"} 1.0' in metrics.exposition()


async def test_many_requests_from_one_caller_do_not_block_others() -> None:
    work = Work()
    limits = CallLimits(work, Metrics(), EVERYONE, everyone=Places(4, 4), caller=Places(2, 2))
    async with client_of(limits) as client:
        responses = await storm(client, ["acme"] * 20 + ["globex"], work)
    assert work.most == {"acme": 2, "globex": 1}
    assert sum(response.status_code == 200 for response in responses) == 5


async def test_a_request_that_waits_too_long_is_refused() -> None:
    work = Work()
    limits = CallLimits(work, Metrics(), EVERYONE, caller=Places(1, 32), queue_seconds=0.001)
    async with client_of(limits) as client, anyio.create_task_group() as tasks:
        tasks.start_soon(lambda: client.post("/", headers={"caller": "acme"}))
        await anyio.wait_all_tasks_blocked()
        waited = await client.post("/", headers={"caller": "acme"})
        work.go.set()
    assert waited.status_code == 429
    assert work.done == 1


async def test_a_cancelled_request_frees_its_slot() -> None:
    work = Work()
    metrics = Metrics()
    limits = CallLimits(work, metrics, EVERYONE, everyone=Places(1, 0))
    async with client_of(limits) as client:
        with anyio.move_on_after(0.01):
            await client.post("/", headers={"caller": "acme"})
        work.go.set()
        response = await client.post("/", headers={"caller": "globex"})
    assert response.status_code == 200
    assert b"retab_mcp_in_flight 0.0" in metrics.exposition()


@given(
    callers=st.lists(st.sampled_from(["a", "b", "c"]), max_size=30),
    running=st.integers(1, 5),
    waiting=st.integers(0, 5),
    own_running=st.integers(1, 4),
    own_waiting=st.integers(0, 4),
)
def test_no_limit_is_exceeded_and_every_request_is_answered(
    callers: list[str], running: int, waiting: int, own_running: int, own_waiting: int
) -> None:
    async def run() -> None:
        work = Work()
        limits = CallLimits(
            work,
            Metrics(),
            EVERYONE,
            everyone=Places(running, waiting),
            caller=Places(own_running, own_waiting),
        )
        async with client_of(limits) as client:
            responses = await storm(client, callers, work)
        assert len(responses) == len(callers)
        assert work.most_in_all <= running
        assert all(most <= own_running for most in work.most.values())
        assert work.done <= running + waiting
        assert not any(work.running.values())

    anyio.run(run)


@pytest.mark.parametrize("count", [1, 8])
async def test_no_request_within_the_limits_is_refused(count: int) -> None:
    work = Work()
    async with client_of(CallLimits(work, Metrics(), EVERYONE)) as client:
        responses = await storm(client, ["acme"] * count, work)
    assert [response.status_code for response in responses] == [200] * count
