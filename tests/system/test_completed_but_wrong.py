"""Runs that ended with a wrong result, through the whole server, in each generation that shows it.

Records of API calls and conditions exist since 10 May 2026 (g2b); before, g1 and g2a have the typed
output of steps. In g2b the list of steps leaves payloads out, so that outputs cannot be compared.
"""

from typing import Any

import pytest

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.builder.artifacts import (
    NUMBER,
    TEXT,
    condition,
    extraction,
    object_schema,
)
from retab_mcp.sandbox.builder.graph import MODEL, block, json_handle, workflow
from retab_mcp.sandbox.builder.ids import review_identifier
from retab_mcp.sandbox.builder.run import RunBuilder, turn
from retab_mcp.sandbox.records import Json, Sample, SampleReview, SampleRun, after
from tests.support.asking import asking

CREATED = "2026-09-04T10:00:00Z"
TYPED = ("g1", "g2a")
LISTED = ("g2c", "g2e", "g3")
RECORDED = ("g2b", *LISTED)
CALL = workflow(
    "dispatch",
    "Dispatch",
    block("parcel", "start_json", "Parcel"),
    block("book", "api_call", "Book the carrier"),
    block("label", "function", "Make the label"),
    "parcel > book > label",
)


async def asked(run: SampleRun, generation: str, tool: str = "get_run", **more: Any) -> Any:
    sample = Sample("wrong", "A run with a wrong result", (run,))
    async with asking(create_app(generation, [sample])) as asker:
        return await asker.ask(tool, run_id=run.id, **more)


def kinds(answer: Any) -> list[str]:
    return [finding["kind"] for finding in answer.get("findings", [])]


def booked(body: Json, *, status: int = 200, fails: bool = False) -> SampleRun:
    build = RunBuilder("booked", CALL, CREATED)
    build.start("parcel", {"parcel": "P-9"})
    ref = build.call("https://carrier.example.com/v2/bookings", (status, body), sent={"p": 9})
    typed: dict[str, Json] = {"method": "POST", "url": "https://carrier.example.com/v2/bookings"}
    typed |= {"status_code": status, "response_data": body, "request_body": {"p": 9}}
    build.step("book", outputs={"output-json-0": json_handle(body)}, artifact=ref, output=typed)
    if fails:
        step = build.fail("label", "KeyError: 'tracking_no'", code="function_error")
        return build.failed(step, 2.0)
    build.complete("label")
    return build.run("completed", 2.0)


@pytest.mark.parametrize("generation", [*TYPED, *RECORDED])
async def test_a_refusal_in_a_successful_response(generation: str) -> None:
    run = booked({"booking": None, "errors": [{"text": "Depot closed on Sundays"}]})
    answer = await asked(run, generation)
    assert kinds(answer) == ["response_says_failed"]
    [finding] = answer["findings"]
    assert "answered 200" in finding["message"]
    assert "Depot closed on Sundays" in finding["message"]
    assert finding["step_id"] == "book"
    assert ("artifact_id" in finding) == (generation not in TYPED)
    assert answer["untrusted_text"] is True


@pytest.mark.parametrize("generation", RECORDED)
async def test_a_refusal_before_the_step_that_failed(generation: str) -> None:
    run = booked({"ok": False, "reason": "Depot closed"}, fails=True)
    answer = await asked(run, generation)
    assert answer["cause"]["step_id"] == "label"
    assert kinds(answer) == ["response_says_failed"]
    assert "Depot closed" in answer["findings"][0]["message"]


@pytest.mark.parametrize("generation", [*TYPED, *RECORDED])
@pytest.mark.parametrize(
    "body",
    [
        {"booking": 4, "errors": [], "error": None, "error_count": 0},
        {"status": "accepted", "warnings": ["Address was corrected"]},
        {"booking": {"id": 4, "error": "none", "state": "open", "depot": 2, "cost": 3}},
        None,
    ],
)
async def test_nothing_is_said_of_an_accepted_call(generation: str, body: Json) -> None:
    answer = await asked(booked(body, status=200 if body else 204), generation)
    assert "findings" not in answer


@pytest.mark.parametrize("generation", RECORDED)
async def test_a_page_in_place_of_data(generation: str) -> None:
    page = "<html><head><title>Session expired</title></head><body>Log in</body></html>"
    answer = await asked(booked(page), generation)
    assert kinds(answer) == ["html_response"]
    assert "Session expired" in answer["findings"][0]["message"]


POLL = workflow(
    "settle",
    "Settle",
    block("order", "start_json", "Order"),
    block("until-settled", "while_loop", "Until settled"),
    block("look", "api_call", "Look it up", parent="until-settled"),
    block("report", "function", "Report"),
    "order > until-settled > report",
)


def polled(said: Json, path: str, actual: Json, *, fails: bool = True) -> SampleRun:
    build = RunBuilder("polled", POLL, CREATED)
    build.start("order", {"order": "O-7"})
    began = build.now
    for number in range(3):
        ref = build.call("https://erp.example.com/orders/O-7", (200, said), name=f"look/{number}")
        build.step(
            "look",
            outputs={"output-json-0": json_handle(said)},
            artifact=ref,
            loops=(turn("until-settled", number),),
        )
    check = condition("settled", path, "is_equal_to", "SETTLED", actual, matched=False)
    ended = {"termination_reason": "max_iterations_reached", "evaluations": [check]}
    ref = build.artifact("while_loop_termination", "until-settled", ended)
    if fails:
        step = build.fail("report", "the order was not settled in time", 0.1)
        build.steps.pop()
        build.container("until-settled", began, artifact=ref)
        build.steps.append(step)
        return build.failed(step, 4.0)
    build.container("until-settled", began, artifact=ref)
    build.complete("report")
    return build.run("completed", 4.0)


@pytest.mark.parametrize("fails", [True, False])
@pytest.mark.parametrize("generation", RECORDED)
async def test_a_loop_that_waits_for_a_key_that_never_comes(generation: str, fails: bool) -> None:
    answer = await asked(
        polled({"order": "O-7", "orderState": "SETTLED"}, "$.state", None, fails=fails), generation
    )
    [found] = [one for one in answer["findings"] if one["kind"] == "condition_key_absent"]
    assert "has no state" in found["message"]
    assert 'orderState "SETTLED"' in found["message"]
    assert "(near: orderState)" in found["message"]
    assert "loop_limit" not in kinds(answer)


@pytest.mark.parametrize("generation", RECORDED)
async def test_a_key_that_is_there_is_not_called_absent(generation: str) -> None:
    waiting = polled({"order": "O-7", "state": "OPEN"}, "$.state", "OPEN", fails=False)
    assert "condition_key_absent" not in kinds(await asked(waiting, generation))
    empty = polled({"order": "O-7", "state": None}, "$.state", None, fails=False)
    assert "condition_key_absent" not in kinds(await asked(empty, generation))


READ = workflow(
    "claims",
    "Claims",
    block("claim", "start_document", "Claim"),
    block("read", "extract", "Read the claim"),
    block("pay", "api_call", "Pay the claim"),
    "claim > read > pay",
)
SCHEMA = object_schema(("claimant", "sum"), claimant=TEXT, sum=NUMBER)
READ_BY_MODEL: dict[str, Json] = {"claimant": "R. Amsel", "sum": 91.5}
UNSURE = {"claimant": 0.98, "sum": 0.4}


def reviewed(
    output: Json, *, by: str = "human", verdict: str = "approved", decided: bool = True
) -> SampleRun:
    build = RunBuilder("reviewed", READ, CREATED)
    build.start("claim")
    record = extraction(build.stored, SCHEMA, READ_BY_MODEL, likelihoods=UNSURE)
    ref = build.artifact("extraction", "read", record)
    typed = {"extracted_data": READ_BY_MODEL, "extraction_id": ref.id}
    step = build.complete("read", output, 2.0, artifact=ref, model=MODEL, output=typed)
    build.complete("pay")
    decision = {
        "verdict": verdict,
        "version_id": review_identifier("rvr", "claims"),
        "author": {"kind": by, "id": "user_1", "display_name": "Reviewer"},
        "created_at": after(CREATED, 30.0),
        "reason": None,
    }
    review = SampleReview(
        id=review_identifier("rev", "claims"),
        block_id="read",
        step_id=step.step_id,
        created_at=after(CREATED, 3.0),
        decision=decision,
        versions=(),
    )
    return build.run("completed", 60.0, reviews=(review,) if decided else ())


@pytest.mark.parametrize("generation", ["g2e", "g3"])
async def test_a_person_changed_the_output_and_is_not_accused(generation: str) -> None:
    answer = await asked(reviewed({"claimant": "R. Amsel", "sum": None}), generation)
    assert kinds(answer) == ["output_changed"]
    message = answer["findings"][0]["message"]
    assert message.startswith("changed in the review that a person approved at 2026-09-04T10:00:30")
    assert message.endswith("sum 91.5 → null")


@pytest.mark.parametrize("generation", ["g2e", "g3"])
async def test_an_agent_that_changed_a_value_is_named(generation: str) -> None:
    answer = await asked(reviewed({**READ_BY_MODEL, "sum": 915}, by="agent"), generation)
    assert kinds(answer) == ["output_changed", "low_likelihood"]
    assert "an agent approved" in answer["findings"][0]["message"]


@pytest.mark.parametrize("generation", ["g1", "g2a", *LISTED])
async def test_an_output_that_differs_without_a_review(generation: str) -> None:
    run = reviewed({"claimant": "R. Amsel", "sum": 9150}, decided=False)
    answer = await asked(run, generation)
    found = [one["message"] for one in answer["findings"] if one["kind"] == "output_changed"]
    assert found == ["the output differs from the step's own record: sum 91.5 → 9150"]


@pytest.mark.parametrize("generation", ["g2e", "g3"])
async def test_an_output_like_its_record_is_not_called_changed(generation: str) -> None:
    answer = await asked(reviewed({"sum": 91.50, "claimant": "R. Amsel"}), generation)
    assert "output_changed" not in kinds(answer)
