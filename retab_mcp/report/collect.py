"""Collect the answers that the page shows, by calling the tools as an assistant would."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import anyio

from retab_mcp.report.row_steps import is_loop, step_ids_by_worth
from retab_mcp.report.traced_values import traced_values
from retab_mcp.tools.list_steps import MAX_STEP_ROWS

Answer: TypeAlias = dict[str, Any]
# Calls a tool; returns its answer, and an error answer as well.
Ask: TypeAlias = Callable[[str, dict[str, Any]], Awaitable[Answer]]

# A page of more rows is slow to draw, and nobody reads it; the file names the rest.
MAX_ROWS = 5_000
# Steps are read this many at a time, and no longer than this: 2,000 take 40 s at 150 ms each.
CONCURRENT_STEPS = 8
STEPS_SECONDS = 120.0
MAX_TRACES = 8


class AnswerError(Exception):
    """The server answered a call with an error; `answer` is that answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.get("error", "the call failed"))
        self.answer = answer


@dataclass(frozen=True)
class Picture:
    """The answers about one run.

    `rows` are those of list_steps, of the run under "" and of each loop under its block id;
    `left_out` says by block id how many exist if not all are here. `steps` are the answers of
    get_step by step id, `traces` those of trace_value.
    """

    run: Answer
    rows: dict[str, list[Answer]] = field(default_factory=dict)
    left_out: dict[str, Any] = field(default_factory=dict)
    steps: dict[str, Answer] = field(default_factory=dict)
    traces: list[Answer] = field(default_factory=list)


async def collect_picture(ask: Ask, run_id: str, *, payloads: bool = True) -> Picture:
    """Return the answers about a run; without `payloads` no step is read.

    Raises AnswerError if the run itself cannot be explained. What cannot be read of a step is in
    the picture as the error answer.
    """
    run = _checked(await ask("get_run", {"run_id": run_id}))
    picture = Picture(run)
    await _collect_rows(ask, picture)
    if payloads:
        await _collect_steps(ask, picture)
    return picture


async def _collect_rows(ask: Ask, picture: Picture) -> None:
    """Read the rows of the run, then those of each loop, outer loops first."""
    waiting, left = [""], MAX_ROWS
    while waiting:
        block = waiting.pop(0)
        rows, truncated = await _rows_of(ask, picture.run["run_id"], block, left)
        picture.rows[block] = rows
        left -= len(rows)
        if truncated:
            picture.left_out[block] = truncated
        inside = dict.fromkeys(row["block_id"] for row in rows if is_loop(row))
        waiting += [each for each in inside if each not in picture.rows and each not in waiting]


async def _rows_of(
    ask: Ask, run_id: str, block: str, limit: int
) -> tuple[list[Answer], Answer | None]:
    """Return the rows in a block ("" for the run), and `truncated` if they are not all."""
    arguments = {"run_id": run_id, "limit": MAX_STEP_ROWS}
    if block:
        arguments["block_id"] = block
    rows: list[Answer] = []
    while True:
        answer = await ask("list_steps", arguments)
        if "error" in answer:
            return rows, {"shown": len(rows), "unit": "rows", "why": answer["error"]}
        rows += answer["rows"]
        truncated = answer.get("truncated")
        if truncated is None:
            return rows, None
        arguments = truncated.get("next", {}).get("arguments", {})
        if not arguments.get("cursor") or len(rows) >= limit:
            return rows, {**truncated, "shown": len(rows)}


async def _collect_steps(ask: Ask, picture: Picture) -> None:
    """Read the steps, those that explain the run first, then trace suspicious values."""
    run_id = picture.run["run_id"]
    following = iter(step_ids_by_worth(picture.run, picture.rows))

    async def read(ids: Iterable[str]) -> None:
        for step_id in ids:
            picture.steps[step_id] = await ask("get_step", {"run_id": run_id, "step_id": step_id})

    # At the time limit, what was read is shown.
    with anyio.move_on_after(STEPS_SECONDS):
        for value in traced_values(picture.run)[:MAX_TRACES]:
            answer = await ask("trace_value", {"run_id": run_id, **value})
            if "error" not in answer:
                # A path may be answered by a longer one; the page looks for the one it shows.
                picture.traces.append({**answer, "asked": value})
        async with anyio.create_task_group() as readers:
            for _ in range(CONCURRENT_STEPS):
                readers.start_soon(read, following)


def _checked(answer: Answer) -> Answer:
    if "error" in answer:
        raise AnswerError(answer)
    return answer


def picture_fields(picture: Picture, about: Mapping[str, Any]) -> Answer:
    """Return the picture as the page reads it, with facts `about` the file."""
    return {
        **about,
        "run": picture.run,
        "rows": picture.rows,
        "left_out": picture.left_out,
        "steps": picture.steps,
        "traces": picture.traces,
    }
