"""Compare compare_runs and search_run with only fetching the same steps.

    python -m benchmarks.compare_search [--rounds 9]

A sandbox in a process of its own serves runs of 2,000 steps without latency. Three things take
turns: transferring the pages as plain JSON, fetching and parsing them as every tool does, and
answering the question. Prints medians of the rounds and of the ratios round by round. Target: the
question takes under 1.5 times as long as fetching and parsing.
"""

import argparse
import asyncio
import gc
import multiprocessing
import random
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from retab_mcp.answers.compare_runs import compare_runs
from retab_mcp.answers.search_run import search_run
from retab_mcp.models import Run
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.service import Service
from retab_mcp.retab import routes
from retab_mcp.retab.api import RetabApi
from retab_mcp.retab.client import RetabClient
from retab_mcp.retab.credential import Credential
from retab_mcp.retab.deadline import Deadline
from retab_mcp.retab.step_pages import STEPS_PAGE_SIZE
from retab_mcp.sandbox.app import SANDBOX_KEY
from retab_mcp.sandbox.builder.graph import block, json_handle, workflow
from retab_mcp.sandbox.builder.run import RunBuilder
from retab_mcp.sandbox.records import Sample, SampleRun
from retab_mcp.sandbox.server import running_sandbox
from retab_mcp.tools.compare_runs import CompareRuns
from retab_mcp.tools.search_run import SearchRun

STEPS = 2_000
ROWS = 12  # line items in each payload, about 2 kB
ROUNDS = 9
TARGET = 1.5
GENERATION = "g3"
BEGIN = "2026-08-01T08:00:00Z"
SECONDS = 600.0

# The fraction of steps, by run, whose output differs from the first run's.
OTHERS = {"run_bench_few": 0.02, "run_bench_all": 1.0}
FIRST = "run_bench_first"

Work = Callable[[], Awaitable[Any]]


def sample() -> Sample:
    """Return a run, one that differs from it in a few steps, and one that differs in all."""
    return Sample(
        name="bench",
        title="Runs of 2,000 steps",
        runs=(_run(FIRST, 0.0), *(_run(name, part) for name, part in OTHERS.items())),
    )


def _run(run_id: str, changed: float) -> SampleRun:
    build = RunBuilder(run_id, GRAPH, BEGIN, run_id=run_id)
    for number in range(STEPS):
        given, made = _rows(number, changed)
        build.now = number
        build.step(
            _block_id(number), 0.9, inputs=_handle("input", given), outputs=_handle("output", made)
        )
    # Without the graph: the comparison of steps is what is measured.
    return build.run("completed", STEPS, blocks=())


def _block_id(number: int) -> str:
    return f"block-{number:04d}"


def _handle(side: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {f"{side}-json-0": json_handle({"rows": rows})}


GRAPH = workflow(
    "benchmark",
    "Benchmark",
    *(block(_block_id(number), "function", f"Block {number}") for number in range(STEPS)),
)


def _rows(number: int, changed: float) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows that a step gets and those that it returns."""
    draw = random.Random(number)
    rows = [
        {
            "sku": f"SKU-{draw.randrange(10**6):06d}",
            "description": draw.choice(("Pallet wrap, 500 mm", "Hex bolt M8", "Drive belt, long")),
            "quantity": draw.randint(1, 90),
            "unit_price": round(draw.random() * 100, 2),
            "note": None,
        }
        for _ in range(ROWS)
    ]
    results: list[dict[str, Any]] = [dict(row) for row in rows]
    if random.Random(f"changed/{number}").random() < changed:
        results[draw.randrange(ROWS)]["quantity"] = 1_000 + number
    return rows[: ROWS // 2], results


def _serve(pipe: Connection) -> None:
    with running_sandbox(GENERATION, [sample()]) as sandbox:
        pipe.send(sandbox.base_url)
        pipe.recv()


@contextmanager
def sandbox_process() -> Iterator[str]:
    """Serve the sample from another process; yield its base URL."""
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    process = spawn.Process(target=_serve, args=(there,))
    process.start()
    try:
        yield here.recv()
    finally:
        here.send("end")
        process.join()


class Bench:
    """The operations that are measured, each over a client of the same kind."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._plain = RetabClient(base_url)
        self._service = Service(base_url)

    def inspector(self) -> Inspector:
        """Return the inspector of a new call with an empty cache."""
        self._service = Service(self._base_url)
        return self._service.inspector(SANDBOX_KEY)

    async def transfer(self, *run_ids: str) -> None:
        """Fetch the pages of all runs' steps concurrently, as plain JSON."""
        await asyncio.gather(*(self._transfer(run_id) for run_id in run_ids))

    async def read(self, *run_ids: str) -> None:
        """Fetch and parse the same pages as every tool does."""
        api = self.inspector().api
        await asyncio.gather(*(self._read(api, run_id) for run_id in run_ids))

    async def compare(self, other: str) -> Any:
        """Compare the first run with another."""
        return await compare_runs(self.inspector(), CompareRuns(run_id=FIRST, other_run_id=other))

    async def search(self, query: str, pattern: str = "") -> Any:
        """Search the first run."""
        return await search_run(
            self.inspector(), SearchRun(run_id=FIRST, query=query, pattern=pattern)
        )

    async def _transfer(self, run_id: str) -> None:
        deadline = Deadline(time.monotonic, SECONDS)
        after_id: str | None = None
        while True:
            reply = await self._plain.get(
                routes.STEPS,
                {},
                {"run_id": run_id, "limit": STEPS_PAGE_SIZE, "after": after_id},
                credential=Credential(SANDBOX_KEY),
                deadline=deadline,
            )
            after_id = reply.json["list_metadata"]["after"]
            if after_id is None:
                return

    async def _read(self, api: RetabApi, run_id: str) -> None:
        run: Run = await api.get_run(run_id)
        async for _ in api.step_pages(run):
            pass


async def _seconds(work: Work) -> float:
    gc.collect()
    start = time.perf_counter()
    await work()
    return time.perf_counter() - start


async def _round(
    bench: Bench, run_ids: tuple[str, ...], question: Work
) -> tuple[float, float, float]:
    return (
        await _seconds(lambda: bench.transfer(*run_ids)),
        await _seconds(lambda: bench.read(*run_ids)),
        await _seconds(question),
    )


async def measure(bench: Bench, count: int) -> bool:
    """Measure `count` rounds, print the table, and return whether each question met its target."""
    few, every = OTHERS
    both = (FIRST, few)
    questions: dict[str, tuple[tuple[str, ...], Work]] = {
        "compare, 2 % of the steps differ": (both, lambda: bench.compare(few)),
        "compare, all steps differ": ((FIRST, every), lambda: bench.compare(every)),
        "search, a rare text": ((FIRST,), lambda: bench.search("SKU-000123")),
        "search, a text in every step": ((FIRST,), lambda: bench.search("pallet wrap")),
        "search, a pattern": ((FIRST,), lambda: bench.search("", r"SKU-0+[1-9]{2}\b")),
    }
    print(f"{'question':34}{'transfer':>10}{'fetch+parse':>13}{'question':>10}{'ratio':>7}")
    met = True
    for name, (run_ids, question) in questions.items():
        rounds = [await _round(bench, run_ids, question) for _ in range(count + 1)][1:]
        transfer, read, asked = (statistics.median(times) for times in zip(*rounds, strict=True))
        ratio = statistics.median(asked / read for _, read, asked in rounds)
        met = met and ratio < TARGET
        print(f"{name:34}{transfer:>9.3f}s{read:>12.3f}s{asked:>9.3f}s{ratio:>7.2f}")
    print(f"target: under {TARGET} — {'met' if met else 'NOT met'}")
    return met


def main() -> int:
    """Measure everything; return 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    with sandbox_process() as base_url:
        return 0 if asyncio.run(measure(Bench(base_url), rounds)) else 1


if __name__ == "__main__":
    sys.exit(main())
