"""The clients that send requests to Retab: lent in turn, kept for a while, then closed."""

import anyio
import httpx

from retab_mcp.retab.client_pool import ClientPool
from retab_mcp.retab.transport import KEEP_SECONDS
from tests.retab.client_scene import BASE_URL


class Time:
    """A clock that only moves when it is told to."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def pool_of(connections: int, time: Time | None = None) -> ClientPool:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json={}))
    return ClientPool(BASE_URL, time or Time(), transport, connections)


async def test_requests_wait_for_a_connection_in_the_order_in_which_they_asked() -> None:
    pool = pool_of(2)
    order: list[int] = []
    lent = 0

    async def ask(number: int) -> None:
        nonlocal lent
        async with pool.client():
            lent += 1
            assert lent <= 2
            order.append(number)
            await anyio.lowlevel.checkpoint()
            lent -= 1

    async with anyio.create_task_group() as group:
        for number in range(20):
            group.start_soon(ask, number)
    assert order == list(range(20))


async def test_a_client_is_lent_to_one_request_and_then_to_the_next() -> None:
    pool = pool_of(2)
    async with pool.client() as first, pool.client() as second:
        assert first is not second
    async with pool.client() as again:
        assert again in (first, second)


async def test_a_failed_request_returns_its_client() -> None:
    pool = pool_of(1)
    for _ in range(2):
        try:
            async with pool.client():
                raise httpx.ReadError("")
        except httpx.ReadError:
            pass
    with anyio.fail_after(1):
        async with pool.client() as client:
            assert not client.is_closed


async def test_a_client_that_nobody_needs_is_closed_and_a_busy_one_is_kept() -> None:
    time = Time()
    pool = pool_of(2, time)
    async with pool.client() as needed, pool.client() as spare:
        pass
    async with pool.client() as again:
        time.seconds += KEEP_SECONDS + 1
    assert again is needed
    assert spare.is_closed
    assert not needed.is_closed


async def test_closing_the_pool_closes_idle_and_busy_clients() -> None:
    pool = pool_of(2)
    async with pool.client() as idle:
        pass
    async with pool.client() as busy:
        await pool.aclose()
    assert idle.is_closed
    assert busy.is_closed
