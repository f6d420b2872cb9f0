"""Every summary stays within its budget, whatever the record contains."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retab_mcp.analysis.operations import (
    EVIDENCE_TOKENS,
    evidence,
    failure_clue,
    findings_in,
    summarize,
)
from retab_mcp.digest.compact import json_tokens
from retab_mcp.digest.pointer import resolve_pointer
from retab_mcp.models import Artifact, Operation

OPERATIONS = [*Operation, "something_new"]
_TEXT = st.text(max_size=40) | st.just("lorem ipsum " * 30)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(_TEXT, inner, max_size=5),
    max_leaves=25,
)
_NUMBERS = st.lists(st.integers(-3, 12) | st.none(), max_size=6)
_PARTS = st.lists(
    st.fixed_dictionaries(
        {}, optional={"name": JSON, "key": _TEXT, "pages": _NUMBERS | JSON, "regions": JSON}
    ),
    max_size=8,
)
_EVALUATIONS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "path": _TEXT,
            "operator": st.sampled_from(["is_greater_than", "exists"]) | JSON,
            "expected": JSON,
            "actual": JSON,
            "matched": st.booleans(),
            "items": JSON,
            "sub_evaluations": JSON,
        },
    ),
    max_size=20,
)
_ATTEMPTS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "request_url": _TEXT | JSON,
            "response_status": st.integers(100, 599) | JSON,
            "response_body": JSON,
            "request_body": JSON,
            "error": JSON,
        },
    ),
    max_size=12,
)
RECORDS = st.fixed_dictionaries(
    {},
    optional={
        "output": JSON | _PARTS | st.fixed_dictionaries({}, optional={"pages": JSON, "text": JSON}),
        "consensus": JSON | st.fixed_dictionaries({"likelihoods": JSON, "choices": JSON}),
        "json_schema": JSON,
        "subdocuments": JSON,
        "categories": JSON,
        "evaluations": _EVALUATIONS | JSON,
        "attempts": _ATTEMPTS | JSON,
        "inputs": JSON,
        "error": JSON,
        "file": JSON,
        "termination_reason": JSON,
        "selected_handles": JSON,
    },
)


def outlier_paths(value: Any, data: Any) -> list[str]:
    """Return the paths of all outliers in a digest."""
    if value is data or not isinstance(value, dict | list):
        return []
    inner = value.values() if isinstance(value, dict) else value
    found = [path for item in inner for path in outlier_paths(item, data)]
    if isinstance(value, dict) and "$shape" in value:
        found += [outlier["path"] for outlier in value.get("outliers", ())]
    return found


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(OPERATIONS), RECORDS, st.integers(40, 1200))
def test_never_over_budget_and_every_pointer_resolves(
    operation: str, data: dict[str, Any], budget: int
) -> None:
    summary = summarize(Artifact(id="a", operation=operation, data=data), budget)
    assert isinstance(summary.value, dict)
    assert json_tokens(summary.value) <= budget
    assert summary.truncated == bool(summary.omitted)
    assert 0 <= summary.shown <= summary.total
    for pointer in (*summary.omitted, *outlier_paths(summary.value, data)):
        resolve_pointer(data, pointer)
    assert (
        json_tokens(evidence(Artifact(id="a", operation=operation, data=data))) <= EVIDENCE_TOKENS
    )


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(OPERATIONS), RECORDS)
def test_findings_and_clues_of_any_record_are_in_words(
    operation: str, data: dict[str, Any]
) -> None:
    artifact = Artifact(id="a", operation=operation, data=data)
    for finding in findings_in(artifact):
        assert finding.message
        assert not re.search(r"\bNone\b", finding.message)
        for path in finding.paths:
            resolve_pointer(data, path)
    clue = failure_clue(artifact)
    assert clue is None or clue.reason


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_big_record_fits_and_says_that_it_was_cut(operation: str) -> None:
    rows = [{"name": f"part {n}", "pages": [n + 1], "value": f"text {n} " * 20} for n in range(900)]
    data = {
        "output": rows,
        "evaluations": [{"path": f"$.a{n}", "expected": 1, "actual": "x" * 500} for n in range(99)],
        "attempts": [{"response_status": 500, "response_body": "<p>down</p>" * 5000}] * 40,
        "inputs": {"rows": rows},
    }
    summary = summarize(Artifact(id="a", operation=operation, data=data), 600)
    assert json_tokens(summary.value) <= 600
    # These records have no fields of a classification, edit or parse.
    if operation not in ("classification", "edit", "parse"):
        assert summary.truncated
        assert summary.shown < summary.total
    for pointer in summary.omitted:
        resolve_pointer(data, pointer)


def test_large_values_share_what_the_facts_leave() -> None:
    data = {"inputs": {"text": "a b c " * 2000}, "output": {"text": "d e f " * 2000}}
    summary = summarize(Artifact(id="a", operation="function_invocation", data=data), 800)
    assert summary.truncated
    assert (summary.shown, summary.total) == (0, 2)
    assert set(summary.omitted) == {"/inputs/text", "/output/text"}
    assert json_tokens(summary.value) >= 800 * 0.7


@pytest.mark.parametrize("operation", OPERATIONS)
def test_deep_nesting_is_read(operation: str) -> None:
    deep: Any = 1
    nested: Any = {}
    for _ in range(50_000):
        deep, nested = {"a": deep}, {"sub_evaluations": [nested]}
    fields = ["output", "inputs", "error", "json_schema", "consensus", "file", "model"]
    data = dict.fromkeys([*fields, "termination_reason", "selected_handles"], deep)
    data |= {"evaluations": [nested, deep], "attempts": [deep | {"response_body": deep}]}
    artifact = Artifact(id="a", operation=operation, data=data)
    assert json_tokens(summarize(artifact, 500).value) <= 500
    assert json_tokens(evidence(artifact)) <= EVIDENCE_TOKENS


def _conditions(count: int) -> list[dict[str, Any]]:
    return [
        {"path": f"$.a{n}", "operator": "is_equal_to", "expected": "open " * 20, "actual": n}
        for n in range(count)
    ]


def test_whole_rows_are_dropped_and_their_total_is_shown() -> None:
    data = {"evaluations": _conditions(40)}
    artifact = Artifact(id="a", operation="conditional_evaluation", data=data)
    summary = summarize(artifact, 600)
    conditions = summary.value["conditions"]
    assert summary.value["conditions_total"] == 40
    assert [line["path"] for line in conditions] == [f"$.a{n}" for n in range(len(conditions))]
    assert (summary.shown, summary.total, summary.unit) == (len(conditions), 40, "rows")
    assert summary.omitted == (f"/evaluations/{len(conditions)}-40",)
    assert json_tokens(summary.value) >= 600 * 0.7


def test_a_while_loop_keeps_its_last_conditions() -> None:
    data = {"termination_reason": "max_iterations", "evaluations": _conditions(40)}
    artifact = Artifact(id="a", operation="while_loop_termination", data=data)
    summary = summarize(artifact, 600)
    assert summary.value["conditions"][-1]["path"] == "$.a39"
    assert summary.omitted == (f"/evaluations/0-{40 - len(summary.value['conditions'])}",)


def test_unlisted_fields_are_reported_as_omitted() -> None:
    form = [{"key": f"field_{n}", "value": n if n % 3 else None} for n in range(120)]
    artifact = Artifact(id="a", operation="edit", data={"output": {"form_data": form}})
    summary = summarize(artifact, 2000)
    assert summary.value["fields"] == {"filled": 80, "empty": 40}
    assert (summary.shown, summary.total, summary.unit) == (50, 120, "rows")
    assert set(summary.omitted) == {"/output/form_data"}


def test_omitted_fact_without_pointer_names_the_whole_record() -> None:
    data = {"termination_reason": ["max iterations"] * 900}
    artifact = Artifact(id="a", operation="while_loop_termination", data=data)
    summary = summarize(artifact, 300)
    assert summary.truncated
    assert summary.omitted == ("$",)
    assert summary.shown < summary.total
    assert resolve_pointer(data, "$").value is data


def test_pointer_of_the_last_attempt_counts_malformed_ones() -> None:
    data = {"attempts": ["?", {"response_status": 500, "response_body": {"text": "down " * 900}}]}
    artifact = Artifact(id="a", operation="api_call_invocation", data=data)
    assert summarize(artifact, 300).omitted == ("/attempts/1/response_body/text",)
