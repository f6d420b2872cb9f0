"""Inputs that a step should have received by the graph."""

from collections.abc import Callable
from typing import Any

import pytest

from retab_mcp.analysis.lineage.missing_inputs import ExpectedInputs, expected_inputs
from retab_mcp.models import Edge, Graph, Step, StepPayload, StepSummary

Make = Callable[..., StepSummary]


def expected(make_step: Make, inputs: dict[str, Any], *, reports: bool = True) -> Any:
    book = make_step("book", 5, error="missing input")
    steps = [make_step("read", 0), make_step("defaults", 1, status="skipped"), book]
    edges = (
        Edge(source="read", target="book", target_handle="a"),
        Edge(source="defaults", target="book", target_handle="b"),
        Edge(source="gone", target="book", target_handle="c"),
        Edge(source="read", target="other", target_handle="d"),
        Edge(source="read", target="book"),
    )
    step = Step(summary=book, payload=StepPayload(inputs))
    return expected_inputs(step, steps, Graph(edges=edges), reports_missing=reports)


def test_what_did_not_arrive_is_named_with_the_step_that_should_have_made_it(
    make_step: Make,
) -> None:
    assert expected(make_step, {"a": {"type": "json", "data": {"x": 1}}}) == ExpectedInputs(
        ("a", "b", "c"), ("a",), {"b": "defaults: skipped", "c": "gone: has no step"}
    )


@pytest.mark.parametrize(
    ("value", "arrived"),
    [
        ({"type": "json", "data": 0}, True),
        ({"type": "json", "data": None}, False),
        ({"type": "json"}, True),
        ({"type": "file", "document": {"id": "f1"}}, True),
        ({"type": "file", "document": {"id": ""}}, False),
        ({"type": "file", "document": None}, False),
        ("text", True),
        (None, False),
    ],
)
def test_null_and_a_file_without_an_id_did_not_arrive(
    make_step: Make, value: Any, arrived: bool
) -> None:
    found = expected(make_step, {"a": value})
    assert ("a" in found.arrived, "a" in found.missing) == (arrived, not arrived)


def test_a_record_without_inputs_counts_only_where_the_step_reports_it(make_step: Make) -> None:
    assert expected(make_step, {}, reports=False) is None
    assert expected(make_step, {}).arrived == ()
    lone = Step(summary=make_step("lone"), payload=StepPayload({"a": 1}))
    assert expected_inputs(lone, [], Graph(), reports_missing=True) is None
