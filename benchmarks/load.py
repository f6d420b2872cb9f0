"""Load the HTTP service and a bare SDK server with many clients, and compare them.

    python -m benchmarks.load [--seconds 60] [--clients 32 256]

Each client has its own credential and sends one call after another, on loopback. Three loads take
turns in slices of some seconds, so that other work on the machine slows all of them: a no-op tool
of the bare server, reads answered from the cache, and mixed tools over a sandbox with 20 ms of
latency. Prints latencies, throughput, CPU time per call and memory, and whether each target is met.
"""

import argparse
import asyncio
import itertools
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from pathlib import Path

from benchmarks.load_servers import KEY_PREFIX
from retab_mcp.sandbox.records import SampleRun, resolve
from tests.samples import all_samples

START_SECONDS = 60.0

# The targets.
MIN_THROUGHPUT = 0.8
MAX_SPREAD = 2.0
MAX_GROWTH = 0.05

# Seconds of load for one server before the next one takes its turn.
SLICE_SECONDS = 10.0

SEED = 7

WARM_UP_AT_ONCE = 16

Call = tuple[str, dict[str, str]]


@dataclass
class Measured:
    """The result of one load: latencies by tool, errors, CPU time, and memory."""

    milliseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    mib_at_half: float = 0.0
    mib_at_end: float = 0.0

    @property
    def calls(self) -> int:
        """Return the number of calls."""
        return sum(map(len, self.milliseconds.values()))

    @property
    def throughput(self) -> float:
        """Return calls per second."""
        return self.calls / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Return CPU milliseconds of the server per call."""
        return self.cpu_seconds * 1000 / self.calls

    def quantiles(self, tool: str) -> tuple[float, float]:
        """Return the median and the 99th percentile of a tool's latency, in milliseconds."""
        values = self.milliseconds[tool]
        return statistics.median(values), statistics.quantiles(values, n=100)[98]

    @property
    def growth(self) -> float:
        """Return how much memory grew in the second half, as a fraction."""
        return self.mib_at_end / self.mib_at_half - 1


def request_of(port: int, key: str, tool: str, arguments: dict[str, str]) -> bytes:
    """Return the HTTP request of one tool call."""
    body = json.dumps(
        {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "tools/call",
            "params": {"name": tool, "arguments": arguments},
        }
    ).encode()
    head = (
        "POST /mcp HTTP/1.1\r\n"
        f"host: 127.0.0.1:{port}\r\n"
        f"authorization: Bearer {key}\r\n"
        "content-type: application/json\r\n"
        "accept: application/json, text/event-stream\r\n"
        "mcp-protocol-version: 2025-11-25\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> bool:
    """Send one call, read its response, and return whether it succeeded."""
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
    body = await reader.readexactly(length)
    return head.startswith(b"http/1.1 200") and b'"isError":false' in body


async def client(
    port: int, calls: Iterator[Call], key: str, until: float, measured: Measured
) -> None:
    """Send one call after another until the time `until`."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    requests: dict[str, bytes] = {}
    for tool, arguments in calls:
        started = time.perf_counter()
        if started >= until:
            break
        name = json.dumps([tool, arguments])
        request = requests.setdefault(name, request_of(port, key, tool, arguments))
        if not await exchange(reader, writer, request):
            measured.errors += 1
        measured.milliseconds[tool].append((time.perf_counter() - started) * 1000)
    writer.close()


@dataclass
class Target:
    """A server under load, the calls that it gets, and what was measured."""

    name: str
    port: int
    pid: int
    calls: Sequence[Call]
    cached: bool = False
    measured: Measured = field(default_factory=Measured)

    async def warm_up(self, keys: Sequence[str]) -> None:
        """Let each client make every call; twice if the second answer comes from the cache."""
        calls = [*self.calls] * (2 if self.cached else 1)
        # The service has few places for keys that Retab has not accepted yet.
        for start in range(0, len(keys), WARM_UP_AT_ONCE):
            some = keys[start : start + WARM_UP_AT_ONCE]
            await asyncio.gather(
                *(client(self.port, iter(calls), key, inf, Measured()) for key in some)
            )

    async def load(self, keys: Sequence[str], seconds: float) -> None:
        """Let the clients send calls for `seconds`."""
        started = time.perf_counter()
        cpu = cpu_seconds(self.pid)
        orders = (endless(self.calls, f"{SEED}{key}") for key in keys)
        await asyncio.gather(
            *(
                client(self.port, order, key, started + seconds, self.measured)
                for order, key in zip(orders, keys, strict=True)
            )
        )
        self.measured.seconds += time.perf_counter() - started
        self.measured.cpu_seconds += cpu_seconds(self.pid) - cpu


def endless(calls: Sequence[Call], seed: str) -> Iterator[Call]:
    """Repeat the calls forever, in an order that depends on the seed."""
    order = list(calls)
    random.Random(seed).shuffle(order)
    return itertools.cycle(order)


def cpu_seconds(pid: int) -> float:
    """Return the CPU seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mib(pid: int) -> float:
    """Return the resident memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@contextmanager
def process(*arguments: str, **environment: str) -> Iterator[int]:
    """Run a Python module until the context ends; yield its process id."""
    running = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        env=os.environ | environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield running.pid
    finally:
        running.terminate()
        running.wait(30)


def free_port() -> int:
    """Return an unused port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_until_up(port: int) -> None:
    """Wait until something listens on the port; raise TimeoutError after START_SECONDS."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("a server did not start")


def cached_calls() -> list[Call]:
    """Return calls that are answered from the cache when they are repeated."""
    return [("list_steps", {"run_id": run.id}) for run in finished_runs()]


def mixed_calls() -> list[Call]:
    """Return calls of several tools."""
    calls: list[Call] = []
    for run in finished_runs():
        step = resolve(run.steps)[0]
        calls += [
            ("get_run", {"run_id": run.id}),
            ("list_steps", {"run_id": run.id}),
            ("get_step", {"run_id": run.id, "step_id": step.step_id}),
        ]
    return calls


def finished_runs() -> list[SampleRun]:
    """Return one completed run and two failed ones, of 2 to 20 steps."""
    runs = [run for sample in all_samples() for run in sample.runs]
    small = [run for run in runs if 2 <= len(resolve(run.steps)) <= 20]
    failed = [run for run in small if run.status == "error"][:2]
    return [run for run in small if run.status == "completed"][:1] + failed


async def take_turns(targets: Sequence[Target], clients: int, seconds: float) -> None:
    """Load the targets in turn, in all `seconds` each."""
    keys = [f"{KEY_PREFIX}{number:03d}" for number in range(clients)]
    rounds = max(2, round(seconds / SLICE_SECONDS))
    for turn in range(rounds):
        for target in targets:
            # Cached runs expire after some minutes, which the other slices may take.
            if target.cached or turn == 0:
                await target.warm_up(keys)
            await target.load(keys, seconds / rounds)
            if turn == (rounds - 1) // 2:
                target.measured.mib_at_half = resident_mib(target.pid)
            target.measured.mib_at_end = resident_mib(target.pid)


def report(name: str, clients: int, measured: Measured) -> None:
    """Print a line for each tool of a load, and one for all calls."""
    for tool in sorted(measured.milliseconds):
        p50, p99 = measured.quantiles(tool)
        calls = len(measured.milliseconds[tool])
        print(
            f"{name:7}{clients:5} clients  {tool:12}{calls:8} calls  p50 {p50:8.2f} ms  "
            f"p99 {p99:8.2f} ms  p99/p50 {p99 / p50:5.2f}"
        )
    print(
        f"{name:7}{clients:5} clients  {measured.throughput:8.0f} calls/s  "
        f"{measured.cpu_ms:.2f} ms CPU per call  {measured.errors} errors  "
        f"{measured.mib_at_end:.0f} MiB, {measured.growth:+.1%} in the second half",
        flush=True,
    )


def judge(clients: int, bare: Measured, cached: Measured, mixed: Measured) -> bool:
    """Print which targets are met; return whether all are."""
    bare_p50, bare_p99 = bare.quantiles("noop")
    p50, p99 = mixed.quantiles("get_step")
    found = [
        ("errors", cached.errors + mixed.errors, 0),
        (
            "bare throughput over that of cached reads",
            bare.throughput / cached.throughput,
            1 / MIN_THROUGHPUT,
        ),
        ("p99/p50 of get_step over that of bare", p99 / p50 / (bare_p99 / bare_p50), MAX_SPREAD),
        ("memory growth", max(cached.growth, mixed.growth), MAX_GROWTH),
    ]
    for what, value, limit in found:
        word = "met" if value <= limit else "MISSED"
        print(f"{clients:5} clients  {what}: {value:.3f} (at most {limit:.3f}) {word}")
    return all(value <= limit for _, value, limit in found)


def main() -> int:
    """Run all loads; return 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="of each load")
    parser.add_argument("--clients", type=int, nargs="+", default=[32, 256])
    options = parser.parse_args()
    bare_port, retab_port, our_port = free_port(), free_port(), free_port()
    ours = ("retab_mcp", "serve", "--http", "--port", str(our_port))
    met = True
    with (
        process("benchmarks.load_servers", "bare", str(bare_port)) as bare_pid,
        process("benchmarks.load_servers", "retab", str(retab_port)),
        process(*ours, RETAB_API_BASE_URL=f"http://127.0.0.1:{retab_port}") as our_pid,
    ):
        for port in (bare_port, retab_port, our_port):
            wait_until_up(port)
        for clients in options.clients:
            targets = (
                Target("bare", bare_port, bare_pid, [("noop", {})]),
                Target("cached", our_port, our_pid, cached_calls(), cached=True),
                Target("mixed", our_port, our_pid, mixed_calls()),
            )
            asyncio.run(take_turns(targets, clients, options.seconds))
            for target in targets:
                report(target.name, clients, target.measured)
            met = judge(clients, *(target.measured for target in targets)) and met
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
