"""Measure what a call of each tool costs the HTTP service when nothing is cached.

    python -m benchmarks.capacity [--callers 12] [--workers 1 2]

Each caller has a key of its own, so that its first call of a tool about a run finds no cache;
callers come one after another. Prints CPU milliseconds of the service, requests to Retab and bytes
of the answer per call. No target: docs/measurements.md draws conclusions from the figures.
"""

import argparse
import asyncio
import json
import re
import urllib.request
from pathlib import Path

from benchmarks.load import Call, cpu_seconds, free_port, process, request_of, wait_until_up
from benchmarks.load_servers import KEY_PREFIX
from retab_mcp.sandbox.records import resolve
from tests.samples import sample_named

SAMPLE = "label-rejected"
CALLERS = 12
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


def service_cpu(pid: int) -> float:
    """Return the CPU seconds of a process and its workers."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return cpu_seconds(pid) + sum(cpu_seconds(int(child)) for child in children)


def upstream_requests(port: int) -> float:
    """Return how many requests to Retab the service has sent."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as response:
        return sum(map(float, _REQUESTS.findall(response.read().decode())))


async def cost(port: int, pid: int, call: Call, keys: list[str]) -> tuple[float, float, float]:
    """Return CPU milliseconds, requests to Retab and bytes of the response, per call."""
    size = 0
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
    return (
        spent / len(keys),
        (upstream_requests(port) - requests) / len(keys),
        size / len(keys),
    )


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
        for number, call in enumerate(calls()):
            keys = [f"{KEY_PREFIX}{number}{caller:03d}" for caller in range(callers)]
            asyncio.run(cost(port, pid, call, [f"{KEY_PREFIX}warm{each}" for each in range(4)]))
            cpu, requests, size = asyncio.run(cost(port, pid, call, keys))
            print(
                f"{workers} workers  {call[0]:14}{cpu:7.1f} ms CPU  {requests:5.1f} requests to "
                f"Retab  {size:7.0f} bytes",
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
