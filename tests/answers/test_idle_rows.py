"""list_steps: consecutive steps that did not run for the same reason are one row."""

from collections.abc import Sequence
from typing import Any

import pydantic_core
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from retab_mcp.analysis.loops.collapse import collapse_loops
from retab_mcp.analysis.loops.idle_steps import group_idle_steps
from retab_mcp.answers.list_steps import _row
from retab_mcp.models import Run, StepSummary
from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.builder.graph import block, workflow
from retab_mcp.sandbox.builder.run import RunBuilder, failure_of
from retab_mcp.sandbox.generations import GENERATIONS
from retab_mcp.sandbox.records import Sample, SampleRun
from tests.support.asking import Asker, asking
from tests.support.tokens import count_tokens

FAILED = "Upstream block 'weigh-crate' failed"


def crate_run(*reasons: str) -> SampleRun:
    """Return a run that fails at its second step; a step for each reason is skipped after it."""
    tail = [f"stow-{number:02}" for number in range(len(reasons))]
    graph = workflow(
        "stow-crate",
        "Stow a crate",
        block("crate", "start_json", "Crate"),
        block("weigh-crate", "function", "Weigh"),
        *(block(name, "api_call", f"Stow part {number}") for number, name in enumerate(tail)),
    )
    build = RunBuilder("stow-crate", graph, "2026-05-04T10:00:00Z")
    build.start("crate", {"crate": 7}, seconds=0.2)
    step = build.fail("weigh-crate", failure_of("ZeroDivisionError: division by zero"), 0.4)
    for name, reason in zip(tail, reasons, strict=True):
        build.skip(reason, name)
    return build.failed(step, 1.0)


def app_of(run: SampleRun, generation: str = "g3") -> Starlette:
    return create_app(generation, [Sample("stow-crate", "A skipped tail", (run,))])


async def pages(asker: Asker, **arguments: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    while True:
        answer = await asker.ask("list_steps", **arguments)
        rows += answer["rows"]
        if "truncated" not in answer:
            return rows
        assert answer["truncated"]["shown"] == len(answer["rows"])
        arguments = answer["truncated"]["next"]["arguments"]


def counts(rows: Sequence[dict[str, Any]]) -> list[int]:
    return [row.get("count", 1) for row in rows]


async def test_a_skipped_tail_is_one_row() -> None:
    run = crate_run(*[FAILED] * 40)
    async with asking(app_of(run)) as asker:
        text = await asker.text("list_steps", run_id=run.id)
        answer = await asker.ask("list_steps", run_id=run.id)
    assert count_tokens(text) < 300
    assert answer == snapshot(
        {
            "run_id": "run_sPlGgMdF3btMLWEnZy65f",
            "status": "error",
            "step_counts": {"skipped": 40, "completed": 1, "error": 1},
            "rows": [
                {
                    "block_id": "crate",
                    "type": "start_json",
                    "status": "completed",
                    "started_ms": 0,
                    "duration_ms": 200,
                },
                {
                    "block_id": "weigh-crate",
                    "type": "function",
                    "label": "Weigh",
                    "status": "error",
                    "started_ms": 250,
                    "duration_ms": 400,
                    "message": "ZeroDivisionError: division by zero",
                },
                {
                    "status": "skipped",
                    "reason": "Upstream block 'weigh-crate' failed",
                    "count": 40,
                    "step_ids": ["stow-00", "stow-01", "stow-02", "stow-03", "stow-04"],
                },
            ],
            "next_calls": [
                {
                    "tool": "get_step",
                    "arguments": {"run_id": "run_sPlGgMdF3btMLWEnZy65f", "step_id": "weigh-crate"},
                }
            ],
            "untrusted_text": True,
        }
    )


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        ([FAILED] * 2, [1, 1, 1, 1]),
        ([FAILED] * 3, [1, 1, 3]),
        ([FAILED] * 2 + ["Branch 'heavy' was not taken"] + [FAILED] * 3, [1, 1, 1, 1, 1, 3]),
        (["", "", ""], [1, 1, 3]),
    ],
)
async def test_only_three_or_more_equal_rows_are_counted(
    reasons: list[str], expected: list[int]
) -> None:
    run = crate_run(*reasons)
    async with asking(app_of(run)) as asker:
        answer = await asker.ask("list_steps", run_id=run.id)
    assert counts(answer["rows"]) == expected
    assert answer["step_counts"]["skipped"] == len(reasons)
    assert "truncated" not in answer


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"status": "skipped"}, [1] * 6),
        ({"status": "SKIPPED,error"}, [1] * 7),
        ({"block_type": "api_call"}, [6]),
        ({"block_id": "stow-04"}, [1]),
    ],
)
async def test_a_filter_by_the_status_lists_each(
    filters: dict[str, str], expected: list[int]
) -> None:
    run = crate_run(*[FAILED] * 6)
    async with asking(app_of(run)) as asker:
        answer = await asker.ask("list_steps", run_id=run.id, **filters)
    assert counts(answer["rows"]) == expected
    assert sum(answer["step_counts"].values()) == sum(expected)


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 50])
async def test_pages_count_rows_and_repeat_none(limit: int) -> None:
    run = crate_run(*[f"{number % 30 // 5}: {'too heavy ' * 8}" for number in range(60)])
    async with asking(app_of(run)) as asker:
        whole = await asker.ask("list_steps", run_id=run.id)
        paged = await pages(asker, run_id=run.id, limit=limit)
        first = await asker.ask("list_steps", run_id=run.id, limit=limit)
    assert paged == whole["rows"]
    assert counts(whole["rows"]) == [1, 1] + [5] * 12
    if limit < len(paged):
        assert (first["truncated"]["shown"], first["truncated"]["total"]) == (limit, 14)


def waiting_run(*, started: int) -> SampleRun:
    """Return an unfinished run; of its four first steps some have started."""
    tail = [f"stow-{number:02}" for number in range(24)]
    blocks = [block(name, "api_call", name) for name in tail]
    graph = workflow("stow", "Stow", block("crate", "start_json", "Crate"), *blocks)
    build = RunBuilder("stow-waiting", graph, "2026-05-04T10:00:00Z")
    build.start("crate", {"crate": 7}, seconds=0.2)
    for number, name in enumerate(tail):
        if number < started:
            build.begin(name, "running")
        else:
            build.unreached(name, "queued" if number < 4 or number % 2 else "pending")
    return build.run("running", None)


async def test_a_cursor_holds_when_the_first_of_a_group_starts() -> None:
    apps = [app_of(waiting_run(started=0)), app_of(waiting_run(started=1))]

    async def changing(scope: Scope, receive: Receive, send: Send) -> None:
        await apps[0](scope, receive, send)

    async with asking(Starlette(routes=[Mount("/", app=changing)])) as asker:
        run_id = waiting_run(started=0).id
        first = await asker.ask("list_steps", run_id=run_id, limit=2)
        assert counts(first["rows"]) == [1, 4]
        del apps[0]
        rest = await asker.ask("list_steps", **first["truncated"]["next"]["arguments"])
    shown = [row["block_id"] for row in rest["rows"]]
    assert shown == ["stow-04", "stow-05"]


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_every_generation_counts_the_same(generation: str) -> None:
    run = crate_run(*[FAILED] * 5)
    async with asking(app_of(run, generation)) as asker:
        answer = await asker.ask("list_steps", run_id=run.id)
    assert counts(answer["rows"]) == [1, 1, 5]
    assert len(answer["rows"][-1]["step_ids"]) == 5


@given(
    drawn=st.lists(
        st.tuples(
            st.text("ab", min_size=1, max_size=40),
            st.sampled_from(["", "step_"]),
            st.sampled_from(["skipped", "pending", "completed"]),
            st.sampled_from([None, "r", "a longer reason"]),
        ),
        max_size=20,
    )
)
def test_counted_rows_are_never_longer_than_all(drawn: list[Any]) -> None:
    steps = [
        StepSummary(
            run_id="run_1", block_id=block, step_id=prefix + block, status=status, reason=reason
        )
        for block, prefix, status, reason in drawn
    ]
    run = Run(id="run_1", workflow_id="wrk_1", status="running", generation="g3")
    rows = collapse_loops(steps, steps)

    def length(groups: Sequence[Any]) -> int:
        return sum(
            len(pydantic_core.to_json(_row(group, run, {}, {}, {}).model_dump()))
            for group in groups
        )

    assert length(group_idle_steps(rows)) <= length([(row,) for row in rows])
