"""Restart two replicas behind nginx, one after the other, under load: no call may fail.

    python -m benchmarks.rolling_restart [--kill]

nginx is configured as in docs/deployment.md. Clients with a key each make mixed calls over a
sandbox with 20 ms of latency. Each replica gets SIGTERM, finishes its calls, ends, and is started
again; the other one follows once the first is ready and nginx asks it again. Prints the calls and
their latency, the failed ones, and how many calls each new process answered. With `--kill` the
replicas get SIGKILL, to see that calls do fail without the drain. Exits with 1 if a call failed or
a new process answered none. Without nginx it prints so and ends.
"""

import argparse
import asyncio
import os
import re
import signal
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.load import (
    START_SECONDS,
    exchange,
    free_port,
    mixed_calls,
    process,
    request_of,
    wait_until_up,
)
from benchmarks.load_measured import Measured, endless
from benchmarks.load_servers import KEY_PREFIX
from tests.http.nginx import NGINX, running_nginx

# As many as nginx accepts from one address.
CLIENTS = 32

LOAD_SECONDS = 10.0
# nginx asks a replica that refused a connection again after 10 s.
SETTLE_SECONDS = 12.0

_CALLS = re.compile(r"^retab_mcp_tool_calls_total\{.*\} ([0-9.]+)$", re.MULTILINE)


@dataclass
class Replica:
    """One replica, started again and again on the same port."""

    retab: str
    port: int = field(default_factory=free_port)
    pid: int = 0
    _running: AbstractContextManager[int] | None = None

    def start(self) -> None:
        """Start it and return at once."""
        serve = ("serve", "--http", "--port", str(self.port), "--trusted-proxy", "127.0.0.1")
        self._running = process("retab_mcp", *serve, RETAB_API_BASE_URL=self.retab)
        self.pid = self._running.__enter__()

    def end(self, *, kill: bool = False) -> None:
        """Send SIGTERM, or SIGKILL, and wait until the process has ended."""
        if self._running is None:
            return
        if kill:
            os.kill(self.pid, signal.SIGKILL)
        self._running.__exit__(None, None, None)
        self._running = None

    def get(self, path: str) -> str:
        """Return what it serves at `path`, empty if it does not answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}") as response:
                return str(response.read().decode())
        except (urllib.error.URLError, ConnectionError):
            return ""

    def wait_until_ready(self) -> None:
        """Wait until it is ready; raise TimeoutError after START_SECONDS."""
        end = time.monotonic() + START_SECONDS
        while not self.get("/readyz"):
            if time.monotonic() > end:
                raise TimeoutError("a replica did not start")
            time.sleep(0.1)

    def calls(self) -> int:
        """Return how many tool calls its process has answered."""
        return int(sum(map(float, _CALLS.findall(self.get("/metrics")))))


async def client(port: int, key: str, ended: asyncio.Event, measured: Measured) -> None:
    """Send one call after another until `ended`; connect again after a broken connection."""
    calls = endless(mixed_calls(), key)
    while not ended.is_set():
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            while not ended.is_set():
                tool, arguments = next(calls)
                started = time.perf_counter()
                if not await exchange(reader, writer, request_of(port, key, tool, arguments)):
                    measured.errors += 1
                measured.milliseconds[tool].append((time.perf_counter() - started) * 1000)
        except (asyncio.IncompleteReadError, ConnectionError):
            measured.errors += 1
        finally:
            writer.close()


async def restart_each(replicas: list[Replica], measured: Measured, *, kill: bool) -> None:
    """Restart the replicas in turn; print how long each took and what had failed by then."""
    for number, replica in enumerate(replicas, start=1):
        await asyncio.sleep(LOAD_SECONDS)
        started = time.perf_counter()
        await asyncio.to_thread(replica.end, kill=kill)
        ended = time.perf_counter()
        replica.start()
        await asyncio.to_thread(replica.wait_until_ready)
        ready = time.perf_counter()
        await asyncio.sleep(SETTLE_SECONDS)
        print(
            f"replica {number}: ended after {ended - started:.1f} s, ready again after "
            f"{ready - ended:.1f} s; {measured.calls} calls so far, {measured.errors} failed",
            flush=True,
        )


async def measure(port: int, replicas: list[Replica], *, kill: bool) -> Measured:
    """Let the clients call while the replicas are restarted."""
    measured, ended = Measured(), asyncio.Event()
    keys = [f"{KEY_PREFIX}{number:03d}" for number in range(CLIENTS)]
    clients = [asyncio.create_task(client(port, key, ended, measured)) for key in keys]
    started = time.perf_counter()
    await restart_each(replicas, measured, kill=kill)
    await asyncio.sleep(LOAD_SECONDS)
    ended.set()
    await asyncio.gather(*clients)
    measured.seconds = time.perf_counter() - started
    return measured


def main() -> int:
    """Run the load; return 1 if a call failed or a new process answered none."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kill", action="store_true", help="end the replicas with SIGKILL")
    options = parser.parse_args()
    if NGINX is None:
        print("skipped: nginx is not installed (apt-get install nginx-light)")
        return 0
    retab_port = free_port()
    replicas = [Replica(f"http://127.0.0.1:{retab_port}") for _ in range(2)]
    with (
        tempfile.TemporaryDirectory() as folder,
        process("benchmarks.load_servers", "retab", str(retab_port)),
    ):
        wait_until_up(retab_port)
        try:
            for replica in replicas:
                replica.start()
                replica.wait_until_ready()
            addresses = [f"127.0.0.1:{replica.port}" for replica in replicas]
            with running_nginx(Path(folder), addresses) as port:
                measured = asyncio.run(measure(port, replicas, kill=options.kill))
            answered = [replica.calls() for replica in replicas]
        finally:
            for replica in replicas:
                replica.end()
    for tool in sorted(measured.milliseconds):
        p50, p99 = measured.quantiles(tool)
        print(f"{tool:12} p50 {p50:8.1f} ms  p99 {p99:8.1f} ms")
    met = not measured.errors and all(answered)
    print(
        f"{CLIENTS} clients, {measured.calls} calls in {measured.seconds:.0f} s "
        f"({measured.throughput:.0f}/s), {measured.errors} failed; the new processes answered "
        f"{' and '.join(map(str, answered))} (no call may fail): {'met' if met else 'MISSED'}"
    )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
