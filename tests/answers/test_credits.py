"""list_steps says what steps cost, as far as Retab reports it: by block."""

from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.builder.graph import block, workflow
from retab_mcp.sandbox.builder.run import RunBuilder
from retab_mcp.sandbox.records import Sample, SampleLoop, SampleRun
from tests.support.asking import asking

LETTERS = workflow(
    "letters",
    "Letters",
    block("post", "start_json", "Post"),
    block("sort", "classifier", "Sort"),
    block("each", "for_each", "Each letter"),
    block("read", "extract", "Read", parent="each"),
    block("file", "function", "File"),
    "post > sort > each > read",
    "each > file",
)
USAGE = "/v1/usage/primitives"


def letters(status: str = "completed") -> SampleRun:
    build = RunBuilder("letters", LETTERS, "2026-09-07T23:59:59Z")
    build.start("post", {"letters": 3})
    build.step("sort", 1.0, credits=0.5)
    began = build.now
    for iteration in range(3):
        place = (SampleLoop(container_id="each", iteration=iteration),)
        build.step("read", 1.0, loops=place, credits=0.1)
    build.container("each", began)
    build.step("file", 0.2)
    return build.run(status, 5.0 if status == "completed" else None)


async def listed(app: Any, **more: Any) -> Any:
    async with asking(app) as asker:
        return await asker.ask("list_steps", run_id=letters().id, **more)


def served(intercept: Any = None, generation: str = "g3", status: str = "completed") -> Any:
    samples = [Sample("letters", "Letters", (letters(status),))]
    return create_app(generation, samples, intercept=intercept)


async def test_a_step_alone_in_its_block_and_the_steps_of_a_loop_together() -> None:
    app = served()
    answer = await listed(app)
    assert answer["run_credits"] == 0.8
    assert answer["credits_by_block"] == {"read": 0.3}
    assert {row["block_id"]: row.get("credits") for row in answer["rows"]} == {
        "post": None, "sort": 0.5, "each": None, "file": None,
    }  # fmt: skip
    asked = [each for each in app.state.requests if each.path == USAGE]
    assert len(asked) == 1
    assert "from_date=2026-09-07&to_date=2026-09-08" in asked[0].query


async def test_the_steps_of_a_loop_have_no_credits_of_their_own() -> None:
    answer = await listed(served(), block_id="each")
    assert [row["block_id"] for row in answer["rows"]] == ["read"] * 3
    assert not any("credits" in row for row in answer["rows"])
    assert answer["credits_by_block"] == {"read": 0.3}


async def test_a_filter_leaves_the_credits_of_other_blocks_out() -> None:
    answer = await listed(served(), block_type="classifier")
    assert [row["credits"] for row in answer["rows"]] == [0.5]
    assert "credits_by_block" not in answer


@pytest.mark.parametrize("generation", ["g1", "g2a", "g2c", "g2e"])
async def test_older_servers_are_not_asked(generation: str) -> None:
    app = served(generation=generation)
    answer = await listed(app)
    assert "run_credits" not in answer
    assert USAGE not in [each.path for each in app.state.requests]


async def test_an_unfinished_run_is_not_asked_about() -> None:
    app = served(status="running")
    assert "run_credits" not in await listed(app)
    assert USAGE not in [each.path for each in app.state.requests]


ROW = {"run_id": letters().id, "block_id": "sort", "credits": 1.5}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"detail": "Not Found"}, 404),
        ({"detail": "No right"}, 403),
        ({"data": [ROW, {**ROW, "run_id": "run_other"}], "list_metadata": {}}, 200),
        ({"data": [ROW, {**ROW, "credits": None}], "list_metadata": {}}, 200),
        ({"data": [ROW], "list_metadata": {"after": "next"}}, 200),
        ({"data": "none"}, 200),
    ],
)
async def test_credits_that_are_not_known_as_a_whole_are_left_out(body: Any, status: int) -> None:
    async def usage(request: Request) -> Response | None:
        return JSONResponse(body, status) if request.url.path == USAGE else None

    answer = await listed(served(usage))
    assert "run_credits" not in answer
    assert "credits" not in answer["rows"][1]
    assert "unavailable" not in answer


async def test_several_executions_of_one_step_and_rows_without_block() -> None:
    rows = [ROW, ROW, {**ROW, "block_id": None}, {**ROW, "block_id": "read"}]

    async def usage(request: Request) -> Response | None:
        body = {"data": rows, "list_metadata": {"after": None}}
        return JSONResponse(body) if request.url.path == USAGE else None

    answer = await listed(served(usage))
    assert (answer["run_credits"], answer["rows"][1]["credits"]) == (6.0, 3.0)
    assert answer["credits_by_block"] == {"read": 1.5}


@pytest.mark.parametrize("refused", [False, True])
async def test_a_second_call_asks_for_no_credits_again(refused: bool) -> None:
    async def refuse(request: Request) -> Response | None:
        refusing = refused and request.url.path == USAGE
        return JSONResponse({"detail": "Forbidden"}, 403) if refusing else None

    app = served(refuse)
    async with asking(app) as asker:
        first = await asker.ask("list_steps", run_id=letters().id)
        second = await asker.ask("list_steps", run_id=letters().id)
    assert first == second
    assert len([each for each in app.state.requests if each.path == USAGE]) == 1
