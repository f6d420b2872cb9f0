"""get_run compares a failed run with the run of the same inputs that worked."""

from typing import Any

import pytest

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.builder.graph import block, workflow
from retab_mcp.sandbox.builder.run import RunBuilder
from retab_mcp.sandbox.records import Json, Sample, SampleRun
from tests.support.asking import Asker, asking

CREATED_AT = "2026-09-0{}T06:30:00Z"
GOOD, OTHER = {"fee": 12.5, "note": "per hall"}, {"fee": 1250.0, "note": "per hall"}
# Those whose list of steps has payloads.
LISTING = ("g1", "g2a", "g3")


def booking(
    day: int,
    quoted: Json,
    *,
    kind: str = "function",
    answer: int = 201,
    halls: int = 2,
    sent: Json = None,
) -> SampleRun:
    """Return the run of a booking: the block `price` quotes, and `book` sends what it quoted."""
    graph = workflow(
        "halls",
        "Halls",
        block("ask", "start_json", "Request"),
        block("price", kind, "Quote a price"),
        block("book", "api_call", "Book it"),
        "ask > price > book",
    )
    build = RunBuilder(f"halls-{kind}-{day}", graph, CREATED_AT.format(day))
    data = {"halls": halls}
    build.start("ask", data)
    build.complete("price", quoted)
    url = "https://halls.example/bookings"
    ref = build.call(url, (answer, {"error": "fee above the limit"} if answer >= 400 else {}))
    given: dict[str, Any] = {} if sent is None else {"inputs": sent}
    if answer < 400:
        build.complete("book", {"id": 1}, artifact=ref, **given)
        return build.run("completed", 1.0, json_data={"ask": data})
    output = {"method": "POST", "url": url, "status_code": answer}
    message = f"API call failed: {answer} Unprocessable Entity"
    step = build.fail("book", message, artifact=ref, output=output, **given)
    return build.failed(step, 1.0, json_data={"ask": data})


async def asked(generation: str, *runs: SampleRun) -> dict[str, Any]:
    """Return get_run's answer about the last of `runs`, whose step has the same verdict."""
    app = create_app(generation, [Sample("halls", "Halls", runs)])
    async with asking(app) as asker:
        answer = await asker.ask("get_run", run_id=runs[-1].id)
    paths = [request.path for request in app.state.requests]
    assert len([path for path in paths if not path.endswith("/steps")]) <= 9
    async with asking(app) as asker:
        await _check_step(asker, answer)
    return answer


async def _check_step(asker: Asker, answer: dict[str, Any]) -> None:
    step = await asker.ask("get_step", run_id=answer["run_id"], step_id="book")
    assert step["restart"]["verdict"] == answer["restart"]["verdict"]
    assert step["cause"]["suggestion"] == answer["cause"]["suggestion"]


@pytest.mark.parametrize("generation", LISTING)
async def test_function_gave_another_value(generation: str) -> None:
    answer = await asked(generation, booking(1, GOOD), booking(2, OTHER, answer=422))
    finding = answer["findings"][0]
    assert finding["kind"] == "differs_from_good_run"
    assert finding["step_id"] == "price"
    assert finding["message"] == (
        "fee is 1250.0, but in the good run, from the same input, 12.5 (100 times as much)"
    )
    assert answer["restart"]["verdict"] == "may_help"
    assert "explain first" in answer["restart"]["why"]
    assert answer["cause"]["suggestion"].startswith("Find out why price gave another value")
    assert answer["next_calls"][-1]["tool"] == "compare_runs"


async def test_model_may_give_the_good_value_again() -> None:
    runs = booking(1, GOOD, kind="extract"), booking(2, OTHER, kind="extract", answer=422)
    answer = await asked("g3", *runs)
    assert answer["findings"][0]["kind"] == "differs_from_good_run"
    assert answer["restart"]["verdict"] == "may_help"
    assert answer["restart"]["why"].startswith("price may give again what it gave")


async def test_value_that_became_null() -> None:
    answer = await asked("g3", booking(1, GOOD), booking(2, {**GOOD, "fee": None}, answer=422))
    assert answer["findings"][0]["message"].startswith("fee is null, but in the good run")


@pytest.mark.parametrize(
    "good",
    [
        # The same request was accepted, and is now refused.
        booking(1, OTHER),
        # Another input explains another value.
        booking(1, GOOD, halls=3),
        # The last digits of a float.
        booking(1, {**OTHER, "fee": 1250.0000000000002}),
    ],
)
async def test_what_no_step_made_different_is_not_said(good: SampleRun) -> None:
    answer = await asked("g3", good, booking(2, OTHER, answer=422))
    assert "findings" not in answer
    assert answer["restart"]["verdict"] == "useless"


async def test_difference_that_the_failed_step_did_not_get() -> None:
    sent = {"input-json-0": {"type": "json", "data": {"halls": 2}}}
    runs = booking(1, GOOD, sent=sent), booking(2, OTHER, answer=422, sent=sent)
    answer = await asked("g3", *runs)
    assert "findings" not in answer


async def test_failure_that_inputs_do_not_explain() -> None:
    answer = await asked("g3", booking(1, GOOD), booking(2, OTHER, answer=503))
    assert "findings" not in answer


async def test_comparison_begins_with_the_value_that_changed() -> None:
    good, failed = booking(1, GOOD), booking(2, OTHER, answer=422)
    async with asking(create_app("g3", [Sample("halls", "Halls", (good, failed))])) as asker:
        answer = await asker.ask("compare_runs", run_id=failed.id)
    assert answer["first_difference"] == {
        "block_id": "price",
        "differs": "output",
        "same_inputs": True,
        "path": "/handle_outputs/output-json-0/data/fee",
        "a": 1250.0,
        "b": 12.5,
        "ratio": 100.0,
    }
    keys = list(answer)
    assert keys.index("first_difference") < keys.index("compared_steps")
