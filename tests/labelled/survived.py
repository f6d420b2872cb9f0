"""Failures next to each other: what a loop tolerated, and records that tell branches apart."""

from retab_mcp.sandbox.builder.graph import block
from retab_mcp.sandbox.builder.run import turn
from retab_mcp.sandbox.records import Json
from tests.labelled.scenario import EVERY_SHAPE, LabelledRun, Scenario

_RECEIPTS = 5


def _receipts(name: str, title: str) -> LabelledRun:
    build = LabelledRun(
        name,
        title,
        (
            block("trip-in", "start_json", "Trip"),
            block("each-receipt", "for_each", "Each receipt"),
            block("read-receipt", "extract", "Read", parent="each-receipt"),
            block("add-receipts", "merge_dicts", "Add up"),
            block("pay-trip", "api_call", "Pay"),
        ),
        "trip-in > each-receipt > add-receipts > pay-trip",
    )
    build.start("trip-in", {"receipts": _RECEIPTS})
    return build


def _read_all_but_two(build: LabelledRun, message: str) -> None:
    began = build.now
    made: list[Json] = []
    for number in range(_RECEIPTS):
        here = (turn("each-receipt", number),)
        if number in (1, 3):
            build.fail("read-receipt", message, 0.1, loops=here)
            made.append(None)
        else:
            build.complete("read-receipt", {"sum": number}, 0.1, loops=here)
            made.append({"sum": number})
    output = {"output-json-0": {"type": "json", "data": {"receipts": made}}}
    build.container("each-receipt", began, outputs=output)


def _sum_without_two() -> Scenario:
    build = _receipts(
        "sum-without-two", "Two receipts failed in a loop that completed; the sum lacks them"
    )
    _read_all_but_two(build, "PDF is password protected")
    cause = next(step for step in build.steps if step.status == "error")
    last = build.fail("add-receipts", "TypeError: 'NoneType' object is not subscriptable")
    build.skip("Upstream block 'add-receipts' failed", "pay-trip")
    return build.ended_in_error("document_unreadable", cause, 2, hint=last, generations=EVERY_SHAPE)


def _payment_refused_anyway() -> Scenario:
    build = _receipts(
        "payment-refused-anyway", "Two receipts failed in a loop; the payment's token had expired"
    )
    _read_all_but_two(build, "PDF is password protected")
    build.complete("add-receipts", {"sum": 6})
    cause = build.fail("pay-trip", "401 Unauthorized: the access token expired")
    return build.ended_in_error("credentials", cause, hint=None, generations=EVERY_SHAPE)


def _one_record_tells() -> Scenario:
    names = ("north", "south", "west")
    build = LabelledRun(
        "one-record-tells",
        "Three equal errors at one time; only the record of the last shows a refusal",
        (
            block("survey-in", "start_json", "Survey"),
            *(block(f"send-{name}", "api_call", f"Send {name}") for name in names),
        ),
        *(f"survey-in > send-{name}" for name in names),
    )
    build.start("survey-in", {"areas": 3})
    began = build.now
    steps = []
    for name in names:
        build.now = began
        answer = (422, {"detail": "area is missing"}) if name == "west" else (200, {"id": 1})
        call = build.call(f"https://{name}.example.com/areas", answer)
        steps.append(build.fail(f"send-{name}", "Call failed with 422", artifact=call))
    return build.ended_in_error(
        "called_api_refused",
        steps[-1],
        hint=None,
        message="Call failed with 422",
        generations=("g2b", "g2c", "g3"),
    )


def _left_running() -> Scenario:
    build = _receipts("left-running", "The run is completed, one of its steps is not")
    build.complete("add-receipts", {"sum": 6})
    step = build.begin("pay-trip", "running")
    return build.completed("unfinished_steps", step, generations=EVERY_SHAPE)


def scenarios() -> tuple[Scenario, ...]:
    """Return the scenarios of this file."""
    return (
        _sum_without_two(),
        _payment_refused_anyway(),
        _one_record_tells(),
        _left_running(),
    )
