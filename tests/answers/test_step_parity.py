"""get_step says no less about a step than get_run does."""

from typing import Any

import pytest

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.builder.graph import block, workflow
from retab_mcp.sandbox.builder.run import RunBuilder, turn
from retab_mcp.sandbox.records import Sample, SampleRun
from tests.support.asking import asking

GENERATIONS = ("g1", "g2a", "g2b", "g2c", "g3")

RENTALS = workflow(
    "rentals",
    "Rental contracts",
    block("deed-in", "start_document", "Deed"),
    block("tenant", "extract", "Tenant"),
    block("rent", "extract", "Rent"),
    block("contract", "merge_dicts", "Contract"),
    block("post", "api_call", "Post"),
    "deed-in > tenant > contract > post",
    "deed-in > rent > contract",
)
FLATS = workflow(
    "flats",
    "Flats",
    block("flats-in", "start_json", "Flats"),
    block("each-flat", "for_each", "Each flat"),
    block("measure", "function", "Measure", parent="each-flat"),
    "flats-in > each-flat",
)


async def both(run: SampleRun, step_id: str, generation: str) -> tuple[Any, Any]:
    """Return the answers of get_run and get_step, each of a server of its own."""
    found = []
    for tool, more in (("get_run", {}), ("get_step", {"step_id": step_id})):
        async with asking(create_app(generation, [Sample("one", "One", (run,))])) as asker:
            found.append(await asker.ask(tool, run_id=run.id, **more))
    return found[0], found[1]


def refused() -> SampleRun:
    build = RunBuilder("rental-refused", RENTALS, "2026-09-02T06:30:00Z")
    build.start("deed-in")
    build.complete("tenant", {"name": "Ada"})
    build.complete("rent", {"amount": 900})
    build.complete("contract", {"name": "Ada", "amount": 900})
    body = {"detail": "deposit is required"}
    call = build.call("https://rentals.example.com/v1", (422, body), sent={"name": "Ada"})
    step = build.fail("post", "Posting was rejected: 422", artifact=call)
    return build.failed(step, 4.0)


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_kind_evidence_suggestion_and_sources(generation: str) -> None:
    of_run, of_step = await both(refused(), "post", generation)
    for name in ("message", "kind", "category", "stage", "suggestion"):
        assert of_step["cause"].get(name) == of_run["cause"].get(name), name
    assert of_step["inputs_from"] == of_run["inputs_from"] == {"input-json-0": "contract"}
    if generation not in ("g1", "g2a"):
        assert of_step["cause"]["evidence"] == of_run["cause"]["evidence"]
        assert "deposit is required" in str(of_step["cause"]["evidence"])


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_a_merge_says_which_handles_did_not_arrive(generation: str) -> None:
    build = RunBuilder("rental-half", RENTALS, "2026-09-02T06:30:00Z")
    build.start("deed-in")
    build.complete("tenant", {"name": "Ada"})
    build.unreached("rent", "skipped", "Branch was not taken")
    step = build.fail("contract", "Missing required input 'input-json-1'")
    of_run, of_step = await both(build.failed(step, 4.0), "contract", generation)
    handles = of_step["handles"]
    assert handles == of_run["handles"]
    assert handles["arrived"] == ["input-json-0"]
    assert len(handles["expected"]) == 2
    assert handles["missing"] == {"input-json-1": "rent: skipped"}
    assert of_step["inputs_from"]["input-json-1"] == "rent"


async def test_a_merge_that_got_everything_has_no_handles_to_name() -> None:
    _, of_step = await both(refused(), "contract", "g3")
    assert "handles" not in of_step
    assert "cause" not in of_step


async def test_inputs_that_the_record_leaves_out_are_not_called_missing() -> None:
    build = RunBuilder("rental-bare", RENTALS, "2026-09-02T06:30:00Z")
    build.start("deed-in")
    step = build.fail("contract", "boom", inputs={})
    of_run, of_step = await both(build.failed(step, 4.0), "contract", "g3")
    assert "handles" not in of_run
    assert "handles" not in of_step


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_a_loop_has_its_tally(generation: str) -> None:
    build = RunBuilder("flats-loop", FLATS, "2026-09-02T06:30:00Z")
    build.start("flats-in", {"flats": [1, 2, 3, 4]})
    began = build.now
    for number in range(4):
        here = (turn("each-flat", number),)
        if number == 2:
            build.fail("measure", "ValueError: area of -4", 0.1, loops=here)
        else:
            build.complete("measure", {"area": 20}, 0.1, loops=here)
    build.container("each-flat", began)
    _, of_step = await both(build.run("completed", 2.0), "each-flat", generation)
    tally = of_step["tally"]
    assert (tally["iterations"], tally["failing_iterations"]) == (4, 1)
    assert tally["step_counts"] == {"completed": 3, "error": 1}
    assert tally["failing"][0]["iteration_from_0"] == 2
    assert tally["failing"][0]["message"] == "ValueError: area of -4"


async def test_a_step_that_completed_takes_no_more_requests() -> None:
    run = refused()
    app = create_app("g3", [Sample("one", "One", (run,))])
    async with asking(app) as asker:
        await asker.ask("get_step", run_id=run.id, step_id="tenant")
        app.state.requests.clear()
        await asker.ask("get_step", run_id=run.id, step_id="rent")
        assert len(app.state.requests) <= 2
