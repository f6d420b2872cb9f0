"""Large payloads are read in a thread, while the event loop serves others."""

import time

import anyio

from retab_mcp.retab.off_loop import MAX_BYTES_ON_LOOP, off_loop
from retab_mcp.safety.json_parser import parse


async def test_the_loop_answers_while_a_large_value_is_read() -> None:
    body = b"[" + b'{"sku":"A1","price":1.5,"note":null},' * 250_000 + b"0]"
    longest = 0.0
    reading = True

    async def ping() -> None:
        nonlocal longest
        while reading:
            start = time.perf_counter(), time.process_time()
            await anyio.sleep(0.001)
            # Time in which this process did not work was taken by others on the machine.
            held = min(time.perf_counter() - start[0], time.process_time() - start[1])
            longest = max(longest, held)

    async with anyio.create_task_group() as group:
        group.start_soon(ping)
        found = await off_loop(len(body), lambda: parse(body))
        reading = False
    assert len(found) == 250_001
    assert longest < 0.5


async def test_small_values_are_read_at_once() -> None:
    assert await off_loop(MAX_BYTES_ON_LOOP, lambda: parse(b"[1]")) == [1]
