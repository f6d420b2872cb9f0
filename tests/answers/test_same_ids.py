"""Two steps of one id: each tool says so, and shows the values of the step that it names."""

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.asking import asking

RUN = "run_twice"
BOTH = ("g3", "g2a")
SAID = "2 steps have this id; this is the one that began 2026-09-01T08:00:"


def at(second: int) -> str:
    return f"2026-09-01T08:00:{second:02d}Z"


def step(generation: str, start: int, error: str = "", **fields: Any) -> dict[str, Any]:
    """Return one execution of the block `price`, with an input that names its start."""
    status = "error" if error else "completed"
    row: dict[str, Any] = {
        "run_id": RUN,
        "step_id": f"{RUN}_price" if generation == "g3" else "price",
        "block_id": "price",
        "block_type": "function",
        "block_label": "Price it",
        "started_at": at(start),
        "completed_at": at(start + 2),
        "handle_inputs": {"input-json-0": {"type": "json", "data": {f"began_at_{start}": start}}},
        "handle_outputs": {},
        "retry_count": 0,
        "artifact": None,
    }
    if generation == "g2a":
        return row | {"status": status, "error": error or None} | fields
    said = {"message": error} if error else {}
    return row | {"lifecycle": {"status": status, **said}, "loop_containers": []} | fields


def app_of(generation: str, status: str, *rows: dict[str, Any], page_size: int = 1000) -> Starlette:
    """Serve a run of these steps; the route of one step returns the last of its id."""
    times = {"created_at": at(0), "started_at": at(0), "completed_at": at(30)}
    run: dict[str, Any] = {"id": RUN, "workflow_id": "wrk_1"}
    if generation == "g3":
        run |= {"lifecycle": {"status": status, "message": "KeyError: 'zone'"}, "timing": times}
        run |= {"trigger": {"type": "api"}, "inputs": {"documents": {}, "json_data": {}}}
    else:
        embedded = [{k: v for k, v in row.items() if "handle" not in k} for row in rows]
        run |= {"status": status, "error": "KeyError: 'zone'", **times, "steps": embedded}
    steps = "/v1/workflows/steps" if generation == "g3" else f"/v1/workflows/runs/{RUN}/steps"

    async def one_run(request: Request) -> Response:
        return JSONResponse(run)

    async def listed(request: Request) -> Response:
        block, wanted = request.query_params.get("block_id"), request.query_params.getlist("status")
        found = [
            row
            for row in rows
            if block in (None, row["block_id"])
            and (not wanted or row["lifecycle"]["status"] in wanted)
        ]
        if generation != "g3":
            return JSONResponse(found)
        begin = int(request.query_params.get("after", 0))
        end = begin + page_size
        cursors = {"after": str(end)} if end < len(found) else {}
        return JSONResponse({"data": found[begin:end], "list_metadata": cursors})

    async def one_step(request: Request) -> Response:
        found = [row for row in rows if row["step_id"] == request.path_params["step_id"]]
        return JSONResponse(
            found[-1] if found else {"detail": "Step not found"}, 200 if found else 404
        )

    return Starlette(
        routes=[
            Route(f"/v1/workflows/runs/{RUN}", one_run),
            Route(steps, listed),
            Route(steps + "/{step_id}", one_step),
        ]
    )


@pytest.mark.parametrize("generation", BOTH)
async def test_the_first_failed_and_the_second_passed(generation: str) -> None:
    rows = (step(generation, 3, "KeyError: 'zone'"), step(generation, 10))
    async with asking(app_of(generation, "error", *rows)) as asker:
        found = await asker.ask("get_run", run_id=RUN)
        listed = await asker.ask("list_steps", run_id=RUN)
        shown = await asker.ask("get_step", run_id=RUN, step_id="price")
    assert "same_ids" not in found
    assert found["cause"]["reasons"][-1] == SAID + "03Z"
    assert found["cause"]["evidence"]["absent_key"]["keys"] == ["began_at_3"]
    assert [(row["started_ms"], row["same_id"]) for row in listed["rows"]] == [
        (3000, 2),
        (10000, 2),
    ]
    assert shown["status"] == "error"
    assert shown["matches"] == {
        "count": 2,
        "step_counts": {"error": 1, "completed": 1},
        "shown": SAID + "03Z",
    }
    assert shown["handle_inputs"]["input-json-0"]["data"] == {"began_at_3": 3}


@pytest.mark.parametrize("generation", BOTH)
async def test_both_passed(generation: str) -> None:
    rows = (step(generation, 3), step(generation, 10))
    async with asking(app_of(generation, "completed", *rows)) as asker:
        found = await asker.ask("get_run", run_id=RUN)
        shown = await asker.ask("get_step", run_id=RUN, step_id="price")
    assert found["same_ids"] == {"price": 2}
    assert shown["matches"]["shown"] == SAID + "10Z"
    assert shown["handle_inputs"]["input-json-0"]["data"] == {"began_at_10": 10}


async def test_the_failed_step_is_asked_for_first() -> None:
    """get_step reads the other steps of a failed run and says that there are two."""
    rows = (step("g3", 3), step("g3", 10, "KeyError: 'zone'"))
    async with asking(app_of("g3", "error", *rows)) as asker:
        shown = await asker.ask("get_step", run_id=RUN, step_id="price")
    assert shown["matches"]["shown"] == SAID + "10Z"


@pytest.mark.parametrize("generation", BOTH)
async def test_iterations_and_a_repeated_record_are_no_two_steps(generation: str) -> None:
    def place(number: int) -> dict[str, Any]:
        containers = [{"container_id": "each-parcel", "iteration": number}]
        if generation == "g3":
            return {"loop_containers": containers}
        return {"iteration_context": {"containers": containers}}

    in_loop = [step(generation, 3 + number, **place(number)) for number in range(2)]
    once = {"step_id": "once", "block_id": "once"}
    repeated = [step(generation, 20, **once), step(generation, 20, **once)]
    async with asking(app_of(generation, "completed", *in_loop, *repeated)) as asker:
        found = await asker.ask("get_run", run_id=RUN)
        listed = await asker.ask("list_steps", run_id=RUN)
        shown = await asker.ask("get_step", run_id=RUN, step_id="once")
    assert "same_ids" not in found
    assert not any("same_id" in row for row in listed["rows"])
    assert "shown" not in shown.get("matches", {})


async def test_on_two_pages_of_the_api() -> None:
    rows = (step("g3", 3, "KeyError: 'zone'"), step("g3", 10), step("g3", 10))
    async with asking(app_of("g3", "error", *rows, page_size=1)) as asker:
        listed = await asker.ask("list_steps", run_id=RUN)
    # The third record repeats the second, as a page does whose rows have moved.
    assert [(row["status"], row["started_ms"], row["same_id"]) for row in listed["rows"]] == [
        ("error", 3000, 2),
        ("completed", 10000, 2),
    ]


async def test_on_two_pages_of_the_answer() -> None:
    rows = [step("g3", start) for start in range(1, 9)]
    starts = []
    async with asking(app_of("g3", "completed", *rows, page_size=3)) as asker:
        page = await asker.ask("list_steps", run_id=RUN, limit=2)
        while True:
            starts += [row["started_ms"] // 1000 for row in page["rows"]]
            if "truncated" not in page:
                break
            page = await asker.ask("list_steps", **page["truncated"]["next"]["arguments"])
    assert starts == list(range(1, 9))
