"""A payload stays sealed where no rule could find anything in it."""

from typing import Any

import msgspec
import pytest

from retab_mcp.models import LoopPosition, Step, StepPayload, StepSummary
from retab_mcp.queries.needed_payloads import MAX_NAMES, NeededPayloads
from retab_mcp.retab.normalize.handles import payload_handles
from retab_mcp.safety.sealed import Sealed


def make_step(
    given: Any, made: Any, type_: str = "function", label: str = "Reckon", **fields: Any
) -> Step:
    summary = StepSummary(
        run_id="run_1", step_id="s", block_id="b", type=type_, label=label,
        **{"status": "completed", **fields},
    )  # fmt: skip
    sides = ({"in": {"type": "json", "data": given}}, {"out": {"type": "json", "data": made}})
    handles = (payload_handles(Sealed(msgspec.Raw(msgspec.json.encode(side)))) for side in sides)
    return Step(summary=summary, payload=StepPayload(*handles))


def is_needed(step: Step, names: set[str] | None = None) -> bool:
    return bool(NeededPayloads([step.summary], names).among([step]))


ORDER = {"total": 12.5, "lines": [{"sku": "A-1", "note": None}]}


def test_a_function_that_changes_something_is_needed() -> None:
    assert is_needed(make_step(ORDER, {**ORDER, "total": 1250}))


def test_a_function_that_passes_its_input_on_is_not() -> None:
    assert not is_needed(make_step(ORDER, ORDER))


@pytest.mark.parametrize(
    "text", ["DE\u200b", "D\u0415", "DE ", " DE", "D  E", "D\u00a0E", "D\nE", "e\u0301"]
)
def test_texts_that_look_alike_are_needed_for_lookups(text: str) -> None:
    record = {"code": text, "found": None}
    assert is_needed(make_step(record, record))


@pytest.mark.parametrize("fields", [{"label": "Merge both"}, {"type_": "merge_dicts"}])
def test_merges_are_needed(fields: Any) -> None:
    assert is_needed(make_step(ORDER, ORDER, **fields))


def test_a_function_that_did_not_complete_is_not() -> None:
    assert not is_needed(make_step(ORDER, {}, status="skipped"))


def test_in_a_run_with_loops_everything_is_needed() -> None:
    inside = make_step(ORDER, ORDER, loops=(LoopPosition(container_id="each"),))
    assert is_needed(inside)
    assert is_needed(make_step(ORDER, ORDER, type_="for_each"))


@pytest.mark.parametrize(
    ("key", "needed"),
    [("total_amount", True), ("totalAmount", True), ("Total-Amount", True), ("amount", False)],
)
def test_only_payloads_with_a_named_field_are_needed(key: str, needed: bool) -> None:
    step = make_step({key: "1.50"}, {key: 150, "x": "total_amount"})
    assert is_needed(step, {"totalamount", "price"}) is needed


def test_names_beyond_the_limit_are_not_looked_for() -> None:
    step = make_step({"b": 1}, {"b": 100})
    assert not is_needed(step, {"a"})
    assert not is_needed(step, set())
    assert is_needed(step, {f"a{number}" for number in range(MAX_NAMES + 1)})


def test_what_may_hold_something_to_redact_is_needed() -> None:
    record = {"password": "correct horse 7", "b": 1}
    assert is_needed(make_step(record, record))
    assert is_needed(make_step(record, {**record, "b": 2}), {"a"})
