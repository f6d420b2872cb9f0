"""Call the HTTP service for an hour, and see whether its memory stays the same.

    nice python -m benchmarks.soak [--minutes 60] [--rate 10]

Clients of two keys make mixed calls about all small sample runs, at a steady rate, over
a sandbox with 20 ms of latency. The memory is what only the service's process holds (USS), read
every few seconds after a warm-up that outlasts every cache. Prints a line per tenth of the time;
growth is the median of the last tenth over that of the first. Exits with 1 if a call failed or the
growth is over 2 %.
"""

import argparse
import asyncio
import json
import random
import re
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.load import exchange, free_port, process, request_of, wait_until_up
from benchmarks.load_measured import Call, Measured
from benchmarks.load_servers import KEY_PREFIX
from retab_mcp.sandbox.records import resolve
from tests.samples import all_samples

MINUTES, RATE = 60.0, 10.0
CLIENTS = 16
# The clients share this many keys. The caches, which are kept by key, then hold all they ever will
# after the warm-up; with a key a client they would grow with the number of calls in five minutes.
CALLERS = 2
MAX_GROWTH = 0.02
# Cached runs and the answers made of them live six minutes together.
WARM_UP_SHARE, MAX_WARM_UP_SECONDS = 0.2, 420.0
READ_EVERY_SECONDS = 5.0
TENTHS = 10
MAX_STEPS = 100
SEED = 11


@dataclass
class Memory:
    """The memory of a process over time: seconds since the start, and MiB."""

    pid: int
    read: list[tuple[float, float]] = field(default_factory=list)

    async def watch(self, began: float, until: float) -> None:
        """Read the memory now and then until the time `until`."""
        while (now := time.perf_counter()) < until:
            self.read.append((now - began, private_mib(self.pid)))
            await asyncio.sleep(READ_EVERY_SECONDS)

    def medians(self, warm_up: float, seconds: float) -> list[float]:
        """Return the median of each tenth of the time after the warm-up."""
        width = (seconds - warm_up) / TENTHS
        tenths: list[list[float]] = [[] for _ in range(TENTHS)]
        for at, mib in self.read:
            if at >= warm_up:
                tenths[min(TENTHS - 1, int((at - warm_up) / width))].append(mib)
        return [statistics.median(tenth) for tenth in tenths if tenth]


def private_mib(pid: int) -> float:
    """Return the memory that only this process holds, in MiB."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(map(int, re.findall(r"Private_\w+:\s+(\d+) kB", rollup))) / 1024


def calls() -> list[Call]:
    """Return calls of most tools about every small sample run."""
    wanted: list[Call] = [("list_runs", {}), ("find_failures", {"days": "90"})]
    for run in (run for sample in all_samples() for run in sample.runs):
        steps = resolve(run.steps)
        if not 1 <= len(steps) <= MAX_STEPS:
            continue
        wanted += [
            ("get_run", {"run_id": run.id}),
            ("list_steps", {"run_id": run.id}),
            ("get_step", {"run_id": run.id, "step_id": steps[-1].step_id}),
            ("search_run", {"run_id": run.id, "query": "error"}),
        ]
    return wanted


async def client(port: int, number: int, pause: float, until: float, measured: Measured) -> None:
    """Make a random call about every `pause` seconds until the time `until`."""
    chance = random.Random(SEED + number)
    every_call = calls()
    key = f"{KEY_PREFIX}{number % CALLERS:03d}"
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    due = time.perf_counter()
    while (started := time.perf_counter()) < until:
        tool, arguments = chance.choice(every_call)
        if not await exchange(reader, writer, request_of(port, key, tool, arguments)):
            measured.errors += 1
            print(f"failed: {tool} {json.dumps(arguments)}", flush=True)
        measured.milliseconds[tool].append((time.perf_counter() - started) * 1000)
        due = max(due + chance.uniform(0, 2 * pause), started)
        await asyncio.sleep(due - time.perf_counter())
    writer.close()


async def soak(port: int, memory: Memory, seconds: float, rate: float) -> Measured:
    """Let the clients call, and watch the memory."""
    measured = Measured()
    began = time.perf_counter()
    until = began + seconds
    await asyncio.gather(
        memory.watch(began, until),
        *(client(port, each, CLIENTS / rate, until, measured) for each in range(CLIENTS)),
    )
    measured.seconds = time.perf_counter() - began
    return measured


def main() -> int:
    """Run the soak; return 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--rate", type=float, default=RATE, help="calls per second")
    options = parser.parse_args()
    seconds = 60 * options.minutes
    warm_up = min(WARM_UP_SHARE * seconds, MAX_WARM_UP_SECONDS)
    retab_port, port = free_port(), free_port()
    service = ("retab_mcp", "serve", "--http", "--port", str(port))
    with (
        process("benchmarks.load_servers", "retab", str(retab_port)),
        process(*service, RETAB_API_BASE_URL=f"http://127.0.0.1:{retab_port}") as pid,
    ):
        wait_until_up(retab_port)
        wait_until_up(port)
        memory = Memory(pid)
        measured = asyncio.run(soak(port, memory, seconds, options.rate))
    medians = memory.medians(warm_up, seconds)
    for number, mib in enumerate(medians, start=1):
        print(f"tenth {number:2} after {warm_up / 60:.0f} min of warm-up: median {mib:.1f} MiB")
    growth = medians[-1] / medians[0] - 1
    met = growth <= MAX_GROWTH and not measured.errors
    print(
        f"{measured.calls} calls in {measured.seconds / 60:.0f} min ({measured.throughput:.1f}/s), "
        f"{measured.errors} failed; memory {growth:+.1%} "
        f"(at most {MAX_GROWTH:+.0%}): {'met' if met else 'MISSED'}"
    )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
