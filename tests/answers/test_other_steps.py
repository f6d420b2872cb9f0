"""get_run about the steps next to the cause: other failures, tolerated ones, open and waiting."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.builder.graph import block, workflow
from retab_mcp.sandbox.builder.run import RunBuilder, turn
from retab_mcp.sandbox.records import Sample, SampleReview, SampleRun, resolve
from tests.support.asking import asking

GENERATIONS = ("g1", "g2a", "g2b", "g2c", "g3")
# Before May 2026 an API call had no artifact.
WITH_CALL_RECORDS = ("g2b", "g2c", "g3")

HARVEST = workflow(
    "harvest",
    "Harvest reports",
    block("fields-in", "start_json", "Fields"),
    block("soil", "api_call", "Soil lab"),
    block("weather", "api_call", "Weather"),
    block("yield", "api_call", "Yield"),
    "fields-in > soil",
    "fields-in > weather",
    "fields-in > yield",
)
BOTTLES = workflow(
    "bottles",
    "Bottle batches",
    block("batches-in", "start_json", "Batches"),
    block("each-batch", "for_each", "Each batch"),
    block("weigh", "function", "Weigh", parent="each-batch"),
    block("sum-up", "merge_dicts", "Sum up"),
    block("ship", "api_call", "Ship"),
    "batches-in > each-batch > sum-up > ship",
)
ASSAY = workflow(
    "assay",
    "Assays",
    block("paper-in", "start_document", "Paper"),
    block("read-a", "extract", "Read A"),
    block("read-b", "extract", "Read B"),
    block("join", "merge_dicts", "Join"),
    "paper-in > read-a > join",
    "paper-in > read-b > join",
)


async def answer(run: SampleRun, generation: str = "g3", tool: str = "get_run", **more: Any) -> Any:
    app = create_app(generation, [Sample("one", "One run", (run,))])
    async with asking(app) as asker:
        return await asker.ask(tool, run_id=run.id, **more)


def branches(*responses: tuple[str, tuple[int | None, Any] | None]) -> SampleRun:
    """Return a run whose three calls ended with a message and a recorded answer, at one time."""
    build = RunBuilder("harvest-calls", HARVEST, "2026-09-02T06:30:00Z")
    build.start("fields-in", {"field": "F-9"})
    began = build.now
    for name, (message, answered) in zip(("soil", "weather", "yield"), responses, strict=True):
        build.now = began
        ref = build.call(f"https://{name}.example.com/v2", answered) if answered else None
        build.fail(name, message, artifact=ref)
    return build.run("error", 3.0, failure=None)


REFUSED = "Request rejected with 422 Unprocessable Entity"


@pytest.mark.parametrize("generation", WITH_CALL_RECORDS)
async def test_the_record_that_shows_the_error_comes_first(generation: str) -> None:
    run = branches(
        (REFUSED, (200, {"ok": True})),
        (REFUSED, (200, {"ok": True})),
        (REFUSED, (422, {"detail": "moisture is missing"})),
    )
    found = await answer(run, generation)
    assert found["cause"]["step_id"] == "yield"
    assert "moisture is missing" in str(found["cause"]["evidence"])
    assert found["cause"]["reasons"][0] == "this step's own record shows the error"
    others = found["other_failures"]
    assert [one["step_id"] for one in others["failures"]] == ["soil", "weather"]
    assert others["failures"][0]["evidence"]["status"] == 200


async def test_a_failure_without_a_record_is_not_put_after_one_of_another_kind() -> None:
    # Nothing says that the soil lab answered, so time decides as before.
    run = branches(
        ("Connection refused by soil.example.com", None),
        (REFUSED, (422, {"detail": "no station"})),
        (REFUSED, (422, {"detail": "no station"})),
    )
    found = await answer(run)
    assert found["cause"]["step_id"] in ("soil", "weather")
    kinds = {one["step_id"]: one["kind"] for one in found["other_failures"]["failures"]}
    kinds[found["cause"]["step_id"]] = found["cause"]["kind"]
    assert (kinds["soil"], kinds["weather"]) == ("called_api_down", "called_api_refused")


async def test_an_error_after_a_good_answer_does_not_contradict_its_record() -> None:
    # The call was fine; the step failed with what it was answered.
    run = branches(
        ("Response has no field 'ph'", (200, {"acidity": 6})),
        ("Response has no field 'rain'", (200, {})),
        ("Response has no field 'tons'", (200, {})),
    )
    found = await answer(run)
    assert "own record" not in found["cause"]["reasons"][0]
    assert found["other_failures"]["count"] == 2


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_other_failures_carry_message_and_kind(generation: str) -> None:
    run = branches(
        ("HTTP 503 from the soil lab", None),
        ("Payload does not match the schema: 'acreage' is a required property", None),
        ("Monthly quota exceeded", None),
    )
    found = await answer(run, generation)
    said = {one["message"]: one["kind"] for one in found["other_failures"]["failures"]}
    said[found["cause"]["message"]] = found["cause"]["kind"]
    assert len(said) == 3
    assert set(said.values()) == {"called_api_down", "schema_violation", "credits_exhausted"}


def batches(
    failing: dict[int, str],
    end: Callable[[RunBuilder, list[Any]], SampleRun],
    *,
    loop_status: str = "completed",
    ran: int = 6,
) -> SampleRun:
    build = RunBuilder(f"bottles-{len(failing)}-{ran}", BOTTLES, "2026-09-02T06:30:00Z")
    build.start("batches-in", {"batches": [{"lot": f"L-{n}"} for n in range(ran)]})
    began = build.now
    made: list[Any] = []
    for number in range(ran):
        here = (turn("each-batch", number),)
        item = {"input-json-0": {"type": "json", "data": {"name": f"lot {number}"}}}
        if number in failing:
            build.fail("weigh", failing[number], 0.1, loops=here, inputs=item)
            made.append(None)
        else:
            build.complete("weigh", {"kg": number}, 0.1, loops=here, inputs=item)
            made.append({"kg": number})
    output = {"output-json-0": {"type": "json", "data": {"items": made}}}
    build.container("each-batch", began, status=loop_status, outputs=output)
    return end(build, made)


def merge_fails(message: str, made: bool = True) -> Callable[[RunBuilder, list[Any]], SampleRun]:
    def end(build: RunBuilder, items: list[Any]) -> SampleRun:
        data = {"items": items if made else [{"kg": 1}]}
        inputs = {"input-json-0": {"type": "json", "data": data}}
        step = build.fail("sum-up", message, inputs=inputs)
        build.skip("Upstream block 'sum-up' failed", "ship")
        return build.failed(step, build.now)

    return end


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize(
    "message", ["KeyError: 'kg'", "expected 6 weights, got 4", "Missing required input 'weights'"]
)
async def test_a_tolerated_failure_is_the_cause_of_what_lacks_its_output(
    message: str, generation: str
) -> None:
    failing = {1: "scale 3 is offline", 4: "scale 3 is offline"}
    found = await answer(batches(failing, merge_fails(message)), generation)
    cause = found["cause"]
    assert cause["block_id"] == "weigh"
    assert "each-batch completed though 2 steps in it failed" in cause["reasons"][0]
    assert found["downstream"]["step_ids"] == ["sum-up", "ship"]
    assert found["downstream"]["message"].startswith(message[:20])
    assert "the only failed step" not in str(found)


async def test_null_items_show_what_an_unclear_message_does_not() -> None:
    failing = {2: "scale 3 is offline"}
    found = await answer(batches(failing, merge_fails("Could not add up")))
    assert found["cause"]["block_id"] == "weigh"
    # The merge received items from elsewhere: nothing says that it lacks those of the loop.
    found = await answer(batches(failing, merge_fails("Could not add up", made=False)))
    assert found["cause"]["step_id"] == "sum-up"


@pytest.mark.parametrize(
    "message",
    ["502 Bad Gateway", "Request timed out", "Out of credits", "401 Unauthorized: token expired"],
)
async def test_a_reason_of_its_own_stays_the_cause(message: str) -> None:
    def end(build: RunBuilder, items: list[Any]) -> SampleRun:
        build.complete("sum-up", {"kg": 12})
        return build.failed(build.fail("ship", message), build.now)

    found = await answer(batches({0: "scale 3 is offline"}, end))
    cause = found["cause"]
    assert (cause["step_id"], cause["message"]) == ("ship", message)
    assert cause["reasons"][0] == "the only failed step outside loops that completed"
    [tolerated] = found["other_failures"]["failures"]
    assert tolerated["completed_loop"] == "each-batch"
    assert tolerated["message"] == "scale 3 is offline"
    assert tolerated["iterations_from_0"] == [0]


@pytest.mark.parametrize("generation", ["g2c", "g3"])
async def test_failures_in_a_loop_have_counts_iterations_and_names(generation: str) -> None:
    failing = {0: "scale 3 is offline", 2: "lot 2 is too light", 3: "lot 3 is too light"}

    def end(build: RunBuilder, items: list[Any]) -> SampleRun:
        return build.run("error", build.now, failure=None)

    found = await answer(batches(failing, end, loop_status="error"), generation)
    [light] = [one for one in found["other_failures"]["failures"] if "too light" in one["message"]]
    assert (light["count"], light["iterations_from_0"]) == (2, [2, 3])
    if generation == "g3":
        assert light["items"] == ["name lot 2", "name lot 3"]


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_a_cancelled_run_shows_what_failed_before(generation: str) -> None:
    build = RunBuilder("assay-stopped", ASSAY, "2026-09-02T06:30:00Z")
    build.start("paper-in")
    build.fail("read-a", "The paper has 512 pages, the model takes 300")
    build.step("read-b", status="cancelled")
    build.unreached("join", "cancelled")
    found = await answer(build.run("cancelled", 2.0), generation)
    assert found["cause"]["kind"] == "cancelled"
    [failed] = found["other_failures"]["failures"]
    assert (failed["step_id"], failed["message"]) == (
        "read-a",
        "The paper has 512 pages, the model takes 300",
    )
    assert found["next_calls"][0]["arguments"]["step_id"] == "read-a"
    assert "neither the run nor a step says why" in found["cause"]["reasons"]


async def test_a_reason_for_the_cancellation_is_kept() -> None:
    build = RunBuilder("assay-stopped", ASSAY, "2026-09-02T06:30:00Z")
    build.start("paper-in")
    build.step("read-b", status="cancelled")
    found = await answer(build.run("cancelled", 2.0, reason="wrong paper"))
    assert found["cause"]["message"] == "wrong paper"
    assert found["cause"]["reasons"] == ["the run's status is cancelled"]
    assert "other_failures" not in found


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_steps_left_open_in_a_completed_run_are_a_finding(generation: str) -> None:
    build = RunBuilder("assay-open", ASSAY, "2026-09-02T06:30:00Z")
    build.start("paper-in")
    build.complete("read-a", {"ph": 7})
    build.begin("read-b", "running")
    build.unreached("join", "pending")
    found = await answer(build.run("completed", 2.0), generation)
    messages = [one["message"] for one in found["findings"]]
    assert messages == [
        "the run has status completed, but 1 step never ended (running): read-b",
        "the run has status completed, but 1 step never started (pending): join",
    ]
    assert "running" not in found
    assert "time" not in found


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_steps_that_a_failure_left_pending_are_ordinary(generation: str) -> None:
    build = RunBuilder("assay-failed", ASSAY, "2026-09-02T06:30:00Z")
    build.start("paper-in")
    step = build.fail("read-a", "The paper is encrypted")
    build.complete("read-b", {"ph": 7})
    build.unreached("join", "pending")
    found = await answer(build.failed(step, 2.0), generation)
    assert "findings" not in found
    assert found["downstream"]["step_ids"] == ["join"]


async def test_a_step_that_never_ended_in_a_failed_run_is_named() -> None:
    build = RunBuilder("assay-hung", ASSAY, "2026-09-02T06:30:00Z")
    build.start("paper-in")
    build.begin("read-b", "running")
    found = await answer(build.run("error", 2.0, failure=None))
    assert found["findings"][0]["step_id"] == "read-b"
    assert found["next_calls"][0]["arguments"]["step_id"] == "read-b"
    assert "running" not in found


def three_reviews(pending: tuple[int, ...]) -> SampleRun:
    build = RunBuilder("bottles-reviewed", BOTTLES, "2026-09-02T06:30:00Z")
    build.start("batches-in", {"batches": [1, 2, 3]})
    reviews = []
    for number in range(3):
        here = (turn("each-batch", number),)
        waits = number in pending
        step = build.step("weigh", loops=here, status="awaiting_review" if waits else "completed")
        decision = {
            "verdict": "approved",
            "version_id": "rvr_" + "A" * 26,
            "author": {"kind": "human", "id": "user_1"},
            "created_at": "2026-09-02T07:00:00Z",
            "reason": None,
        }
        reviews.append(
            SampleReview(
                id=f"rev_bottle{number}",
                block_id="weigh",
                step_id=step.step_id,
                created_at=f"2026-09-02T06:30:0{number}Z",
                decision=None if waits else decision,
            )
        )
    build.begin("each-batch", "awaiting_review")
    return build.run(
        "awaiting_review", waiting_for_block_ids=("weigh",), reviews=tuple(reversed(reviews))
    )


async def test_the_pending_review_of_the_step_is_named() -> None:
    found = await answer(three_reviews(pending=(1, 2)))
    assert found["cause"]["step_id"] == "each-batch_iter_1_weigh"
    assert found["cause"]["evidence"]["review_id"] == "rev_bottle1"
    assert found["cause"]["evidence"]["waiting_since"] == "2026-09-02T06:30:01Z"
    assert found["waiting"]["count"] == 2
    assert [one["review_id"] for one in found["waiting"]["steps"]] == ["rev_bottle1", "rev_bottle2"]
    assert "rev_bottle0" not in str(found)
    assert "other_failures" not in found


async def test_a_run_that_waits_though_its_review_is_decided_says_so() -> None:
    run = three_reviews(pending=())
    steps = tuple(
        replace(step, status="awaiting_review", completed_at=None)
        if step.step_id.endswith("iter_1_weigh")
        else step
        for step in resolve(run.steps)
    )
    found = await answer(replace(run, steps=steps))
    assert found["cause"]["reasons"][1:] == [
        "no review is pending: rev_bottle1 was approved at 2026-09-02T07:00:00Z"
    ]
    assert "review_id" not in found["cause"].get("evidence", {})


async def test_one_waiting_step_needs_no_list() -> None:
    found = await answer(three_reviews(pending=(2,)))
    assert found["cause"]["evidence"]["review_id"] == "rev_bottle2"
    assert "waiting" not in found


async def test_get_step_names_the_review_of_a_waiting_step() -> None:
    run = three_reviews(pending=(1, 2))
    found = await answer(run, tool="get_step", step_id="each-batch_iter_2_weigh")
    assert found["cause"]["evidence"]["review_id"] == "rev_bottle2"
    assert found["cause"]["kind"] == "waiting_for_review"


@pytest.mark.parametrize("generation", ["g1", "g2a", "g2b", "g2c"])
async def test_without_a_list_of_reviews_the_run_says_since_when(generation: str) -> None:
    build = RunBuilder("assay-waits", ASSAY, "2026-09-02T06:30:00Z")
    build.start("paper-in")
    build.begin("read-a", "awaiting_review")
    run = build.run(
        "awaiting_review",
        waiting_for_block_ids=("read-a",),
        review_waiting_since="2026-09-02T06:31:00Z",
    )
    found = await answer(run, generation)
    assert found["cause"]["evidence"]["waiting_since"] == "2026-09-02T06:31:00Z"
    assert "review_id" not in found["cause"]["evidence"]


async def test_a_failure_unlike_many_others_is_shown() -> None:
    names = [f"mirror-{number}" for number in range(9)]
    parts = [block(name, "api_call", name) for name in names]
    edges = [f"fields-in > {name}" for name in names]
    graph = workflow("mirrors", "Mirrors", block("fields-in", "start_json", "In"), *parts, *edges)
    build = RunBuilder("mirrors-down", graph, "2026-09-02T06:30:00Z")
    build.start("fields-in", {"field": "F-9"})
    began = build.now
    for number, name in enumerate(names):
        build.now = began
        build.fail(name, "no space left" if number == 7 else f"Mirror {number} is down")
    others = (await answer(build.run("error", 3.0, failure=None)))["other_failures"]
    assert others["count"] == 8
    assert [each["message"] for each in others["failures"]][-1] == "no space left"
