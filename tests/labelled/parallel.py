"""Parallel branches: independent failures, downstream failures and misleading hints."""

from retab_mcp.sandbox.builder.graph import block
from tests.labelled.scenario import EVERY_SHAPE, LabelledRun, Scenario

# Two documents, read in parallel, then merged and sent.
_BLOCKS = (
    block("deed-in", "start_document", "Deed"),
    block("map-in", "start_document", "Map"),
    block("read-deed", "extract", "Read deed"),
    block("read-map", "extract", "Read map"),
    block("join-parcel", "merge_dicts", "Join"),
    block("value-parcel", "function", "Value"),
    block("register-parcel", "api_call", "Register"),
)
_PATHS = (
    "deed-in > read-deed > join-parcel",
    "map-in > read-map > join-parcel > value-parcel > register-parcel",
)


def _begin(name: str, title: str) -> LabelledRun:
    build = LabelledRun(name, title, _BLOCKS, *_PATHS)
    build.start("deed-in", filename=f"{name}-deed.pdf")
    build.start("map-in", filename=f"{name}-map.pdf")
    return build


def _join_started_first() -> Scenario:
    build = _begin("join-started-first", "The join waits from the start; its failure ends first")
    began = build.now
    build.complete("read-map", {"parcel": 12}, 1.0)
    build.now = began
    join = build.fail(
        "join-parcel",
        "Nothing arrived on input-json-0 within the run",
        1.9,
        stage="input_collection",
    )
    build.now = began + 0.4
    cause = build.fail("read-deed", "PdfStreamError: Stream has ended unexpectedly", 1.7)
    build.skip("Not reached", "value-parcel", "register-parcel")
    return build.ended_in_error("document_unreadable", cause, 3, hint=join, generations=EVERY_SHAPE)


def _join_raises() -> Scenario:
    build = _begin(
        "value-of-nothing", "A function runs without the half that is missing, and raises"
    )
    cause = build.fail(
        "read-map", "1 validation error for Map\nscale\n  Field required [type=missing]", 2.0
    )
    build.complete("read-deed", {"owner": "Mirabel Estates"}, 2.2)
    build.complete("join-parcel", {"owner": "Mirabel Estates", "scale": None})
    last = build.fail(
        "value-parcel", "TypeError: unsupported operand type(s) for /: 'int' and 'NoneType'"
    )
    build.skip("Upstream block 'value-parcel' failed", "register-parcel")
    return build.ended_in_error("schema_violation", cause, 2, hint=last)


def _two_reasons_run_speaks() -> Scenario:
    build = _begin(
        "two-reasons-one-reported", "Both readers fail independently; the run reports one"
    )
    began = build.now
    other = build.fail("read-map", "cannot identify image file 'map.png'", 1.1)
    build.now = began
    cause = build.fail(
        "read-deed", "You have run out of credits for this period", 2.0, category="quota"
    )
    build.skip("Nothing to work with", "join-parcel", "value-parcel", "register-parcel")
    assert other.failure is not None
    return build.ended_in_error(
        "credits_exhausted",
        cause,
        3,
        hint=None,
        message="Workflow failed: You have run out of credits for this period",
    )


_SPREAD = (
    block("claim-in", "start_document", "Claim"),
    block("read-claim", "extract", "Read claim"),
    block("check-cover", "api_call", "Check cover"),
    block("thank-customer", "api_call", "Thank the customer"),
    block("reserve-sum", "function", "Reserve"),
    block("book-sum", "api_call", "Book"),
    block("tell-broker", "api_call", "Tell the broker"),
)
_SPREAD_PATHS = (
    "claim-in > read-claim > check-cover > reserve-sum > book-sum",
    "read-claim > thank-customer",
    "reserve-sum > tell-broker",
)


def _two_reasons_by_weight() -> Scenario:
    build = LabelledRun(
        "two-reasons-one-heavy",
        "Two calls fail for reasons of their own; one of them held up the rest",
        _SPREAD,
        *_SPREAD_PATHS,
    )
    build.start("claim-in")
    build.complete("read-claim", {"claim": "S-7", "email": None}, 2.0)
    began = build.now
    minor = build.fail("thank-customer", "HTTP 422: 'to' must be a valid address", 0.5)
    build.now = began
    cause = build.fail("check-cover", "upstream connect error: 503 from cover.example.com", 0.9)
    build.fail("reserve-sum", "Missing value for input-json-0", 0.1, stage="input_collection")
    build.skip("Upstream block 'reserve-sum' failed", "book-sum", "tell-broker")
    return build.ended_in_error(
        "called_api_down", cause, 3, hint=minor, message="2 branches failed"
    )


def _both_arms_fall() -> Scenario:
    build = LabelledRun(
        "both-arms-fall",
        "One lookup fails, and everything on both arms after it does too",
        (
            block("ticket-in", "start_json", "Ticket"),
            block("find-customer", "api_call", "Find customer"),
            block("rate-customer", "function", "Rate"),
            block("greet-customer", "function", "Greet"),
            block("answer-ticket", "api_call", "Answer"),
        ),
        "ticket-in > find-customer > rate-customer > answer-ticket",
        "find-customer > greet-customer > answer-ticket",
    )
    build.start("ticket-in", {"ticket": 88_120, "customer": "K-40"})
    call = build.call("https://crm.example.com/customers/K-40", (404, {"detail": "unknown"}))
    cause = build.fail("find-customer", "Non-2xx response from crm.example.com", artifact=call)
    for name in ("greet-customer", "rate-customer", "answer-ticket"):
        last = build.fail(name, "input is undefined", 0.1, stage="input_collection")
    return build.ended_in_error("called_api_refused", cause, 3, hint=last)


def _hint_at_a_completed_step() -> Scenario:
    build = _begin("hint-at-the-innocent", "The run names a step that completed")
    innocent = build.complete("read-deed", {"owner": "Mirabel Estates"}, 1.4)
    build.complete("read-map", {"scale": 500}, 1.5)
    build.complete("join-parcel", {"owner": "Mirabel Estates", "scale": 500})
    cause = build.fail("value-parcel", "OverflowError: math range error")
    build.skip("Upstream block 'value-parcel' failed", "register-parcel")
    return build.ended_in_error(
        "function_exception",
        cause,
        1,
        hint=innocent,
        message="OverflowError: math range error",
        generations=EVERY_SHAPE,
    )


def _hint_at_a_stranger() -> Scenario:
    build = _begin("hint-at-a-stranger", "The run names a step that it does not have")
    build.complete("read-deed", {"owner": "Mirabel Estates"}, 1.4)
    build.complete("read-map", {"scale": 500}, 1.5)
    build.complete("join-parcel", {"owner": "Mirabel Estates", "scale": 500})
    build.complete("value-parcel", {"value": 81_500.0})
    call = build.call("https://land.example.com/parcels", (403, {"error": "seat expired"}))
    cause = build.fail("register-parcel", "Non-2xx response from land.example.com", artifact=call)
    return build.ended_in_error("credentials", cause, hint="step_of_another_version")


def _below_a_skipped_one() -> Scenario:
    build = _begin("across-the-skipped", "A skipped block is between cause and downstream failure")
    build.complete("read-map", {"scale": 500}, 1.0)
    cause = build.fail(
        "read-deed", "unable to find trailer dictionary while recovering damaged file", 0.7
    )
    build.skip("Nothing to work with", "join-parcel")
    build.skip("Nothing to work with", "value-parcel")
    last = build.fail(
        "register-parcel", "required input was not provided", 0.1, stage="input_collection"
    )
    return build.ended_in_error("document_unreadable", cause, 3, hint=last)


def scenarios() -> tuple[Scenario, ...]:
    """Return the scenarios of this file."""
    return (
        _join_started_first(),
        _join_raises(),
        _two_reasons_run_speaks(),
        _two_reasons_by_weight(),
        _both_arms_fall(),
        _hint_at_a_completed_step(),
        _hint_at_a_stranger(),
        _below_a_skipped_one(),
    )
