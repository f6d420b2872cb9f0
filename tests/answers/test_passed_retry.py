"""A run that reports a failed attempt although a retry passed is explained by both."""

from typing import Any

import pytest

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.builder.graph import block, workflow
from retab_mcp.sandbox.builder.run import RunBuilder, failure_of
from retab_mcp.sandbox.records import Json, Sample
from tests.support.asking import asking

CREATED_AT = "2026-09-02T06:30:00Z"
# API calls have records of their attempts since g2b; before, only the last one was kept.
GENERATIONS = ("g2b", "g2c", "g2e", "g3")


async def answer_about(
    generation: str, message: str, *answers: tuple[int | None, Json]
) -> dict[str, Any]:
    """Return the answer about a failed run whose steps did not fail, though one was retried."""
    graph = workflow(
        "berth",
        "Berth",
        block("arrive", "start_json", "Ship arrives"),
        block("book", "api_call", "Book a berth"),
        block("notify", "function", "Notify the pilot"),
        block("file", "function", "File the booking"),
        "arrive > book > notify > file",
    )
    build = RunBuilder("berth", graph, CREATED_AT)
    build.start("arrive", {"ship": "S-1"})
    ref = build.call("https://port.example/berths", *answers, name="book", lasting=2.0)
    build.complete("book", {"berth": 4}, artifact=ref, retry_count=len(answers) - 1)
    build.skip("The run had failed", "notify", "file")
    run = build.run("error", 3.0, failure=failure_of(message))
    async with asking(create_app(generation, [Sample("berth", "", (run,))])) as asker:
        return await asker.ask("get_run", run_id=run.id)


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_both_attempts_and_the_skipped_steps_are_named(generation: str) -> None:
    answers: tuple[tuple[int | None, Json], ...] = ((503, {"error": "busy"}), (201, {"berth": 4}))
    answer = await answer_about(generation, "Port API answered 503 Service Unavailable", *answers)
    assert answer["cause"]["step_id"] == "book"
    assert answer["cause"]["reasons"][0] == (
        "the run reports attempt 1 of 2 of this step (503 after 2 s), "
        "but the last one passed (201 after 2 s)"
    )
    assert set(answer["downstream"]["step_ids"]) == {"notify", "file"}
    assert answer["restart"]["verdict"] == "may_repeat"


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_error_text_of_an_attempt_without_response(generation: str) -> None:
    answers: tuple[tuple[int | None, Json], ...] = ((None, "socket hang up"), (200, {}))
    answer = await answer_about(generation, "book: socket hang up", *answers)
    assert answer["cause"]["step_id"] == "book"


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_another_error_is_not_blamed_on_the_retry(generation: str) -> None:
    answers: tuple[tuple[int | None, Json], ...] = ((503, {}), (200, {}))
    answer = await answer_about(generation, "The history payload is too large", *answers)
    assert answer["cause"].get("step_id") != "book"
    answer = await answer_about(generation, "503 from port", (200, {}), (200, {}))
    assert answer["cause"].get("step_id") != "book"
