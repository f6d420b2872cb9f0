"""The service gives free memory back again and again, where the C library can."""

import sys

import anyio
import pytest

from retab_mcp.http.free_memory import c_trim, return_free_memory


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc of Linux has the function")
def test_the_heap_is_trimmed_by_the_c_library() -> None:
    trim = c_trim()
    assert trim is None or trim(0) in (0, 1)


async def test_the_heap_is_trimmed_more_than_once() -> None:
    pads: list[int] = []
    async with anyio.create_task_group() as tasks:

        def trim(pad: int) -> None:
            pads.append(pad)
            if len(pads) == 2:
                anyio.from_thread.run_sync(tasks.cancel_scope.cancel)

        tasks.start_soon(return_free_memory, trim, 0.0)
    assert pads == [0, 0]


async def test_nothing_runs_where_the_c_library_cannot_trim() -> None:
    await return_free_memory(None)
