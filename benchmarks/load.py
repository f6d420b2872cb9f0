"""Load this server and a bare SDK server with many calls at once, and compare them.

    python -m benchmarks.load [--seconds 60] [--clients 32 256]

Over HTTP, each client has its own credential and sends one call after another, on loopback. Over
stdio every client would start a server of its own; here one server gets as many calls at once over
its one pipe as there would be clients, which is more than any assistant sends. Three loads take
turns in slices of some seconds, so that other work on the machine slows all of them: a no-op tool
of the bare server, reads that need no request when they are repeated, and mixed tools over a
sandbox with 20 ms of latency. Prints latencies, throughput, CPU time per call and memory, and
whether each target is met. Takes about 15 minutes.
"""

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf

from benchmarks.load_measured import Call, Measured, cpu_seconds, endless, resident_mib
from benchmarks.load_servers import KEY_PREFIX
from benchmarks.load_stdio import StdioTarget, stdio_server
from retab_mcp.sandbox.records import SampleRun, resolve
from tests.samples import all_samples

START_SECONDS = 60.0

# The targets.
MIN_THROUGHPUT = 0.8
MAX_SPREAD = 2.0
MAX_GROWTH = 0.05

# Seconds of load for one server before the next one takes its turn.
SLICE_SECONDS = 10.0

WARM_UP_AT_ONCE = 16


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
        orders = (endless(self.calls, key) for key in keys)
        await asyncio.gather(
            *(
                client(self.port, order, key, started + seconds, self.measured)
                for order, key in zip(orders, keys, strict=True)
            )
        )
        self.measured.seconds += time.perf_counter() - started
        self.measured.cpu_seconds += cpu_seconds(self.pid) - cpu


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


async def take_turns(targets: Sequence[Target | StdioTarget], clients: int, seconds: float) -> None:
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


def report(over: str, clients: int, name: str, measured: Measured) -> None:
    """Print a line for each tool of a load, and one for all calls."""
    load = f"{over:6}{clients:4} at once  {name:7}"
    for tool in sorted(measured.milliseconds):
        p50, p99 = measured.quantiles(tool)
        calls = len(measured.milliseconds[tool])
        print(
            f"{load}{tool:11}{calls:8} calls  p50 {p50:8.2f} ms  "
            f"p99 {p99:8.2f} ms  p99/p50 {p99 / p50:5.2f}"
        )
    print(
        f"{load}{measured.throughput:8.0f} calls/s  "
        f"{measured.cpu_ms:.2f} ms CPU per call  {measured.errors} errors  "
        f"{measured.mib_at_end:.0f} MiB, {measured.growth:+.1%} in the second half",
        flush=True,
    )


def judge(over: str, clients: int, bare: Measured, cached: Measured, mixed: Measured) -> bool:
    """Print which targets are met; return whether all are."""
    bare_p50, bare_p99 = bare.quantiles("noop")
    p50, p99 = mixed.quantiles("get_step")
    share, errors = cached.throughput / bare.throughput, cached.errors + mixed.errors
    spread, growth = p99 / p50 / (bare_p99 / bare_p50), max(cached.growth, mixed.growth)
    found = [
        (f"errors: {errors} (none)", not errors),
        (
            f"cached reads, share of bare calls/s: {share:.2f} (at least {MIN_THROUGHPUT})",
            share >= MIN_THROUGHPUT,
        ),
        (
            f"get_step, p99/p50 over that of bare: {spread:.2f} (at most {MAX_SPREAD})",
            spread <= MAX_SPREAD,
        ),
        (f"memory growth: {growth:+.1%} (at most {MAX_GROWTH:+.0%})", growth <= MAX_GROWTH),
    ]
    for text, met in found:
        print(f"{over:6}{clients:4} at once  {text}: {'met' if met else 'MISSED'}", flush=True)
    return all(met for _, met in found)


async def compare(
    over: str, clients: int, seconds: float, targets: Sequence[Target | StdioTarget]
) -> bool:
    """Load the bare server, then ours with cached and with mixed calls; print and judge both."""
    await take_turns(targets, clients, seconds)
    for target in targets:
        report(over, clients, target.name, target.measured)
    return judge(over, clients, *(target.measured for target in targets))


async def compare_http(clients: Sequence[int], seconds: float, retab: str) -> bool:
    """Compare the two servers over HTTP; return whether all targets are met."""
    bare_port, our_port = free_port(), free_port()
    ours = ("retab_mcp", "serve", "--http", "--port", str(our_port))
    met = True
    with (
        process("benchmarks.load_servers", "bare", str(bare_port)) as bare_pid,
        process(*ours, RETAB_API_BASE_URL=retab) as our_pid,
    ):
        wait_until_up(bare_port)
        wait_until_up(our_port)
        for each in clients:
            targets = (
                Target("bare", bare_port, bare_pid, [("noop", {})]),
                Target("cached", our_port, our_pid, cached_calls(), cached=True),
                Target("mixed", our_port, our_pid, mixed_calls()),
            )
            met = await compare("http", each, seconds, targets) and met
    return met


async def compare_stdio(clients: Sequence[int], seconds: float, retab: str) -> bool:
    """Compare the two servers over stdio; return whether all targets are met."""
    environment = {"RETAB_API_BASE_URL": retab, "RETAB_API_KEY": f"{KEY_PREFIX}000"}
    met = True
    async with (
        stdio_server("benchmarks.load_servers", "bare-stdio") as (bare, bare_pid),
        stdio_server("retab_mcp", "stdio", **environment) as (ours, our_pid),
    ):
        for each in clients:
            targets = (
                StdioTarget("bare", bare, bare_pid, [("noop", {})]),
                StdioTarget("cached", ours, our_pid, cached_calls(), cached=True),
                StdioTarget("mixed", ours, our_pid, mixed_calls()),
            )
            met = await compare("stdio", each, seconds, targets) and met
    return met


def main() -> int:
    """Run all loads; return 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="of each load")
    parser.add_argument("--clients", type=int, nargs="+", default=[32, 256])
    options = parser.parse_args()
    port = free_port()
    with process("benchmarks.load_servers", "retab", str(port)):
        wait_until_up(port)
        loads = (options.clients, options.seconds, f"http://127.0.0.1:{port}")
        met = [asyncio.run(compare_stdio(*loads)), asyncio.run(compare_http(*loads))]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
