"""Runs that completed with a wrong result, which only the payloads of several steps show."""

from retab_mcp.sandbox.builder.artifacts import condition, routing
from retab_mcp.sandbox.builder.graph import block, edge
from retab_mcp.sandbox.records import Json, SampleStep
from tests.labelled.flow import function_run, loop_run, merge_run, run_function
from tests.labelled.scenario import LabelledRun, Scenario

# Lists with payloads but no artifacts, lists of artifacts but no payloads, and both.
SHAPES = ("g1", "g2b", "g3")
# What only payloads inside a loop show cannot be known from 10 to 20 May 2026.
WITH_PAYLOADS = ("g1", "g3")
# Conditions have no artifacts before 10 May 2026.
WITH_ARTIFACTS = ("g2b", "g3")

PARCELS: list[Json] = [{"parcel": f"P-{number}", "kg": number + 0.5} for number in range(40)]


def _loop_stopped_early() -> Scenario:
    build, loop, _ = loop_run(
        "parcels-stopped", "A loop ended after 3 of 40 items", PARCELS, range(3)
    )
    return build.completed("loop_incomplete", loop, generations=SHAPES)


def _loop_with_gap() -> Scenario:
    build, loop, _ = loop_run(
        "parcels-with-gap", "A loop left out one item in the middle", PARCELS[:5], (0, 1, 3, 4)
    )
    return build.completed("loop_incomplete", loop, generations=SHAPES)


def _parallel_loop_with_gap() -> Scenario:
    build, loop, _ = loop_run(
        "parcels-parallel-gap",
        "A parallel loop of files lost an item",
        [],
        (0, 2, 3),
        parallel=True,
    )
    return build.completed("loop_incomplete", loop, generations=SHAPES)


def _tolerated_failures() -> Scenario:
    build, _, failed = loop_run(
        "parcels-tolerated",
        "Two items failed, and the loop went on",
        PARCELS[:6],
        range(6),
        failed=(2, 4),
    )
    assert failed is not None
    return build.completed("failed_step", failed, generations=SHAPES)


def _only_the_last_one() -> Scenario:
    build, loop, _ = loop_run(
        "parcels-last-only",
        "A loop of five passed on its last item only",
        PARCELS[:5],
        range(5),
        [{"number": 4}],
    )
    return build.completed("loop_incomplete", loop, generations=WITH_PAYLOADS)


def _overwritten() -> Scenario:
    given = [
        {"terms": {"currency": "EUR", "days": 30}, "customer": "C-1"},
        {"terms": {"currency": "USD", "days": 30}, "lines": 3},
    ]
    made = {"terms": {"currency": "USD", "days": 30}, "customer": "C-1", "lines": 3}
    build, step = merge_run(
        "contract-overwritten", "A merge kept one of two currencies", given, made
    )
    return build.completed("value_overwritten", step, generations=SHAPES)


def _thousand_times_smaller() -> Scenario:
    build, step = function_run(
        "order-misread",
        "A German amount was read with the wrong separator",
        {"order": "O-7", "total": "1.234,56"},
        {"order": "O-7", "total": 1.23456},
    )
    return build.completed("number_changed", step, generations=SHAPES)


def _misread_rows() -> Scenario:
    rows = [{"sku": f"S{number}", "net": f"{number + 2}.500,00"} for number in range(4)]
    made = [{"sku": row["sku"], "net": number + 2.5} for number, row in enumerate(rows)]
    build, step = function_run(
        "order-misread-rows", "Each row lost its thousands", {"lines": rows}, {"rows": made[::-1]}
    )
    return build.completed("number_changed", step, generations=SHAPES)


def _lost_on_the_way() -> Scenario:
    build, step = function_run(
        "order-emptied",
        "A function looked for a key under its old name",
        {"order": {"number": "O-8", "delivery_date": "2026-09-14"}},
        {"number": "O-8", "deliveryDate": None},
    )
    return build.completed("value_lost", step, generations=SHAPES)


def _unseen_in_condition() -> Scenario:
    build = LabelledRun(
        "port-unseen",
        "A no-break space made a port unknown",
        (
            block("port-in", "start_json", "Port"),
            block("is-home", "conditional", "Home port?"),
            block("dock", "api_call", "Dock"),
            block("anchor", "api_call", "Anchor outside"),
        ),
        "port-in > is-home",
        extra=(edge("is-home", "dock", out="home"), edge("is-home", "anchor", out="else")),
    )
    port = "Port\u00a0Louis"
    build.start("port-in", {"port": port})
    home = condition("home", "$.port", "is_equal_to", "Port Louis", port, matched=False)
    made = build.artifact(
        "conditional_evaluation", "is-home", routing([home], "output-json-else", None)
    )
    step = build.complete("is-home", {"port": port}, 0.1, only="output-json-else", artifact=made)
    build.skip("Branch 'home' was not taken", "dock")
    build.complete("anchor")
    return build.completed("hidden_characters", step, generations=WITH_ARTIFACTS)


def _unseen_in_lookup() -> Scenario:
    given = {"country": "\u0421H", "rates": {"CH": 8.1, "FR": 20.0}}
    build, step = function_run(
        "rate-unseen", "A Cyrillic letter in a country code", given, {"rate": None}
    )
    return build.completed("hidden_characters", step, generations=SHAPES)


def _wrong_turn() -> tuple[LabelledRun, SampleStep]:
    build = LabelledRun(
        "order-wrong-turn",
        "A misread sum sent an order past its approval",
        (
            block("order-in", "start_json", "Order"),
            block("read-sum", "function", "Read the sum"),
            block("over-limit", "conditional", "Over the limit?"),
            block("approve", "api_call", "Approve"),
            block("accept", "api_call", "Accept"),
        ),
        "order-in > read-sum > over-limit",
        extra=(edge("over-limit", "approve", out="over"), edge("over-limit", "accept", out="else")),
    )
    build.start("order-in", {"sum": "12.500,00"})
    step = run_function(build, "read-sum", {"sum": "12.500,00"}, {"sum": 12.5})
    over = condition("over", "$.sum", "is_greater_than", 5000, 12.5, matched=False)
    made = build.artifact(
        "conditional_evaluation", "over-limit", routing([over], "output-json-else", None)
    )
    build.complete("over-limit", {"sum": 12.5}, 0.1, only="output-json-else", artifact=made)
    build.skip("Branch 'over' was not taken", "approve")
    build.complete("accept")
    return build, step


def _cause_before_consequence() -> Scenario:
    build, step = _wrong_turn()
    return build.completed("number_changed", step, generations=SHAPES)


def scenarios() -> tuple[Scenario, ...]:
    """Return the scenarios of this file."""
    return (
        _loop_stopped_early(),
        _loop_with_gap(),
        _parallel_loop_with_gap(),
        _tolerated_failures(),
        _only_the_last_one(),
        _overwritten(),
        _thousand_times_smaller(),
        _misread_rows(),
        _lost_on_the_way(),
        _unseen_in_condition(),
        _unseen_in_lookup(),
        _cause_before_consequence(),
    )
