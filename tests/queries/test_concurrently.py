"""Concurrent calls: results in order, and never more at once than the limit."""

from collections.abc import Awaitable, Callable

import anyio
import pytest

from retab_mcp.models import ErrorKind
from retab_mcp.queries.concurrently import AT_ONCE, concurrently
from retab_mcp.retab.errors import RetabError


class Calls:
    """Calls that wait until as many as may run at once are running."""

    def __init__(self) -> None:
        self.running = self.most = 0

    def returning(self, value: int) -> Callable[[], Awaitable[int]]:
        async def call() -> int:
            self.running += 1
            self.most = max(self.most, self.running)
            await anyio.lowlevel.checkpoint()
            await anyio.lowlevel.checkpoint()
            self.running -= 1
            return value

        return call


@pytest.mark.parametrize("count", [0, 1, AT_ONCE, 3 * AT_ONCE])
async def test_results_are_in_the_order_of_the_calls(count: int) -> None:
    calls = Calls()
    assert await concurrently([calls.returning(n) for n in range(count)]) == list(range(count))
    assert calls.most == min(count, AT_ONCE)


async def test_the_first_failure_is_raised_as_it_is_and_ends_the_others() -> None:
    finished = []

    async def fail() -> int:
        raise RetabError(ErrorKind.FORBIDDEN, "No.")

    async def wait() -> int:
        await anyio.sleep_forever()
        finished.append(True)
        return 1

    with pytest.raises(RetabError, match="No"):
        await concurrently([wait, fail])
    assert not finished


async def test_cancellation_from_outside_is_not_a_failure() -> None:
    with anyio.move_on_after(0) as scope:
        await concurrently([anyio.sleep_forever])
    assert scope.cancelled_caught
