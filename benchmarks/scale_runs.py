"""The runs that benchmarks/scale.py asks about, and the process that serves them.

Bodies are encoded once and served from memory, so that the server's own work does not hide what
reading them costs.
"""

import multiprocessing
import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.records import (
    Sample,
    SampleFailure,
    SampleRun,
    SampleStep,
    after,
)
from retab_mcp.sandbox.server import running

GENERATION = "g3"
BEGIN = "2026-08-01T08:00:00Z"
ROWS_IN_PAYLOAD = 6  # in and out of a step: about 2 kB together
CHANGED = 0.02  # share of the steps whose output differs in the other run
ROW_BYTES = 125  # mean bytes of a row as JSON
SKIPPED_AT_END = 3  # steps that never ran because of the failed one

_DESCRIPTIONS = (
    "Pallet wrap, 500 mm",
    "Hex bolt M8, galvanised",
    "Drive belt, long",
    "Müller Rollenlager 6204",
    "Câble réseau Cat 6, 20 m",
)
_NOTES = (None, None, None, "see page 3", "delivered with order 2231")


def run_id(kind: str, steps: int) -> str:
    """Return the id of a run: `kind` is failed, completed or changed."""
    return f"run_{kind}_{steps}"


def large_step_id(size: int) -> str:
    """Return the id of the step whose output takes `size` bytes."""
    return f"{LARGE_RUN}_block-{size}"


LARGE_RUN = "run_large"


def value_path(size: int) -> str:
    """Return the path of one value in the second half of a large step's output."""
    row = max(0, size // ROW_BYTES * 2 // 3)
    return f"/handle_outputs/output-json-0/data/rows/{row}/description"


def sample(step_counts: list[int], sizes: list[int]) -> Sample:
    """Return runs of these numbers of steps, and one with steps of these output sizes in bytes."""
    runs = [_run(kind, steps) for steps in step_counts for kind in ("failed", "completed")]
    runs += [_run("changed", steps) for steps in step_counts]
    return Sample(name="scale", title="Runs of many steps", runs=(*runs, _large_run(sizes)))


def _run(kind: str, count: int) -> SampleRun:
    failed = count - 1 - SKIPPED_AT_END if kind == "failed" else None
    failure = (
        SampleFailure(message="KeyError: 'total_amount'", stage="execution") if failed else None
    )
    name = run_id(kind, count)
    return SampleRun(
        id=name,
        workflow_id="wrk_scale",
        workflow_name="Scale",
        workflow_version_id="ver_scale",
        status="error" if failure else "completed",
        created_at=BEGIN,
        started_at=BEGIN,
        completed_at=after(BEGIN, count),
        failure=failure,
        failing_step_id=f"{name}_block-{failed:05d}" if failed else None,
        steps=partial(_steps, name, count, failed, CHANGED if kind == "changed" else 0.0),
    )


def _steps(name: str, count: int, failed: int | None, changed: float) -> tuple[SampleStep, ...]:
    return tuple(_step(name, number, failed, changed) for number in range(count))


def _step(name: str, number: int, failed: int | None, changed: float) -> SampleStep:
    draw = random.Random(number)
    rows = [_row(draw) for _ in range(ROWS_IN_PAYLOAD)]
    results = [dict(row) for row in rows]
    if random.Random(f"changed/{number}").random() < changed:
        results[0]["quantity"] = 1_000 + number
    status, failure, reason = "completed", None, None
    if failed is not None and number == failed:
        status = "error"
        failure = SampleFailure(message="KeyError: 'total_amount'", stage="execution")
    elif failed is not None and number > failed:
        status, reason = "skipped", "an upstream block failed"
    ran = status != "skipped"
    return SampleStep(
        step_id=f"{name}_block-{number:05d}",
        block_id=f"block-{number:05d}",
        type="function",
        label=f"Block {number}",
        status=status,
        failure=failure,
        reason=reason,
        created_at=after(BEGIN, number),
        started_at=after(BEGIN, number) if ran else None,
        completed_at=after(BEGIN, number + 0.9) if ran else None,
        handle_inputs=_handle("input-json-0", rows) if ran else {},
        handle_outputs=_handle("output-json-0", results) if status == "completed" else {},
    )


def _row(draw: random.Random) -> dict[str, Any]:
    return {
        "sku": f"SKU-{draw.randrange(10**6):06d}",
        "description": draw.choice(_DESCRIPTIONS),
        "quantity": draw.randint(1, 90),
        "unit_price": round(draw.random() * 100, 2),
        "note": draw.choice(_NOTES),
    }


def _handle(name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: {"type": "json", "data": {"rows": rows}}}


def _large_run(sizes: list[int]) -> SampleRun:
    return SampleRun(
        id=LARGE_RUN,
        workflow_id="wrk_large",
        workflow_name="Large",
        workflow_version_id="ver_large",
        status="completed",
        created_at=BEGIN,
        started_at=BEGIN,
        completed_at=after(BEGIN, 60),
        steps=tuple(_large_step(size) for size in sizes),
    )


def _large_step(size: int) -> SampleStep:
    def outputs() -> dict[str, Any]:
        draw = random.Random(size)
        return _handle("output-json-0", [_row(draw) for _ in range(max(1, size // ROW_BYTES))])

    return SampleStep(
        step_id=large_step_id(size),
        block_id=f"block-{size}",
        type="function",
        label=f"Output of {size} bytes",
        created_at=BEGIN,
        started_at=BEGIN,
        completed_at=after(BEGIN, 1),
        handle_outputs=outputs,
    )


class _Remembered:
    """Serve an application's responses from memory, by path and query."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kept: dict[tuple[str, bytes], list[Message]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        place = scope["path"], scope["query_string"]
        if place not in self._kept:
            sent: list[Message] = []

            async def keep(message: Message) -> None:
                sent.append(message)

            await self._app(scope, receive, keep)
            self._kept[place] = sent
        for message in self._kept[place]:
            await send(dict(message))


def _serve(pipe: Connection, samples: Callable[[], list[Sample]]) -> None:
    app = create_app(GENERATION, samples())
    remembered = _Remembered(app)
    remembered.state = app.state  # type: ignore[attr-defined]
    with running(remembered) as sandbox:  # type: ignore[arg-type]
        pipe.send(sandbox.base_url)
        pipe.recv()


def _samples(step_counts: list[int], sizes: list[int]) -> list[Sample]:
    return [sample(step_counts, sizes)]


def served(step_counts: list[int], sizes: list[int]) -> AbstractContextManager[str]:
    """Serve the sample from its own process; yield its base URL."""
    return served_samples(partial(_samples, step_counts, sizes))


@contextmanager
def served_samples(samples: Callable[[], list[Sample]]) -> Iterator[str]:
    """Serve what a function (of a module, so that it can be sent there) makes in a process."""
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    process = spawn.Process(target=_serve, args=(there, samples))
    process.start()
    try:
        yield here.recv()
    finally:
        here.send("end")
        process.join()
