"""Measure what a call of each tool costs the HTTP service when nothing is cached.

    python -m benchmarks.capacity [--callers 40] [--workers 1 2]

Each caller has a key of its own, so that its first call of a tool about a run finds no cache;
callers come one after another. Prints per call the CPU milliseconds of the service, the requests to
Retab, the bytes of the answer, and the memory that the service holds afterwards: what its processes
hold alone (USS), whose growth over all callers is divided by their number. Also prints that memory
before any call and at the end, and how many calls fill one core. Takes about four minutes. No
target: docs/measurements.md draws conclusions from the figures.
"""

import argparse
import asyncio
import json
import re
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import free_port, process, request_of, wait_until_up
from benchmarks.load_measured import Call, cpu_seconds
from benchmarks.load_servers import KEY_PREFIX
from benchmarks.soak import private_mib
from retab_mcp.sandbox.records import resolve
from tests.samples import sample_named

SAMPLE = "label-rejected"
# With fewer, the memory of a call is less than what Python takes from the system at once.
CALLERS = 40
_REQUESTS = re.compile(r"^retab_mcp_upstream_requests_total\{.*\} ([0-9.]+)$", re.MULTILINE)


def calls() -> list[Call]:
    """Return a call of each kind about a failed run."""
    run = sample_named(SAMPLE).runs[0]
    step = next(step for step in resolve(run.steps) if step.status == "error")
    return [
        ("get_run", {"run_id": run.id}),
        ("list_steps", {"run_id": run.id}),
        ("get_step", {"run_id": run.id, "step_id": step.step_id}),
        ("search_run", {"run_id": run.id, "query": "postcode"}),
        ("list_runs", {}),
        ("find_failures", {}),
    ]


@dataclass
class Cost:
    """What a call costs: CPU milliseconds, requests to Retab, bytes, and KiB that stay in use."""

    cpu_ms: float
    requests: float
    size: float
    held_kib: float


def processes(pid: int) -> list[int]:
    """Return a process and its workers."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def service_cpu(pid: int) -> float:
    """Return the CPU seconds of a process and its workers."""
    return sum(map(cpu_seconds, processes(pid)))


def service_mib(pid: int) -> float:
    """Return the memory that a process and its workers hold, in MiB."""
    return sum(map(private_mib, processes(pid)))


def upstream_requests(port: int) -> float:
    """Return how many requests to Retab the service has sent."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as response:
        return sum(map(float, _REQUESTS.findall(response.read().decode())))


async def cost(port: int, pid: int, call: Call, keys: list[str]) -> Cost:
    """Return the cost per call, when a caller with each of the keys makes it."""
    size, mib = 0, service_mib(pid)
    cpu, requests = service_cpu(pid), upstream_requests(port)
    for key in keys:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request_of(port, key, *call))
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        body = json.loads(await reader.readexactly(length))
        assert not body["result"]["isError"], body
        size += length
        writer.close()
    spent = (service_cpu(pid) - cpu) * 1000
    requests = upstream_requests(port) - requests
    held = (service_mib(pid) - mib) * 1024
    return Cost(*(total / len(keys) for total in (spent, requests, size, held)))


def measure(workers: int, callers: int) -> None:
    """Print a line for each tool."""
    retab_port, port = free_port(), free_port()
    service = ("retab_mcp", "serve", "--http", "--port", str(port), "--workers", str(workers))
    with (
        process("benchmarks.load_servers", "retab", str(retab_port)),
        process(*service, RETAB_API_BASE_URL=f"http://127.0.0.1:{retab_port}") as pid,
    ):
        wait_until_up(retab_port)
        wait_until_up(port)
        began, total = service_mib(pid), 0.0
        for number, call in enumerate(calls()):
            keys = [f"{KEY_PREFIX}{number}{caller:03d}" for caller in range(callers)]
            asyncio.run(cost(port, pid, call, [f"{KEY_PREFIX}warm{each}" for each in range(4)]))
            each = asyncio.run(cost(port, pid, call, keys))
            total += each.cpu_ms
            print(
                f"{workers} workers  {call[0]:14}{each.cpu_ms:7.1f} ms CPU  {each.requests:5.1f} "
                f"requests to Retab  {each.size:7.0f} bytes  {each.held_kib:6.0f} KiB held",
                flush=True,
            )
        print(
            f"{workers} workers  {began:.0f} MiB before the first call, {service_mib(pid):.0f} MiB "
            f"at the end; a core is full at {1000 * len(calls()) / total:.0f} such calls a second",
            flush=True,
        )


def main() -> None:
    """Measure with each number of workers."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--callers", type=int, default=CALLERS)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    for workers in options.workers:
        measure(workers, options.callers)


if __name__ == "__main__":
    main()
