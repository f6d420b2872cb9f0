"""Conditionals, review triggers and while loops: summary and findings."""

from typing import Any

import pytest
from inline_snapshot import snapshot

from retab_mcp.analysis.operation_reader import FailureClue
from retab_mcp.analysis.operations import failure_clue, findings_in
from retab_mcp.models import FailureKind, FindingKind
from retab_mcp.safety.clean import clean_text
from tests.analysis.operations.reading import (
    artifact_of,
    evidence_of,
    findings_of,
    summary_of,
)


def test_condition_shows_different_types() -> None:
    data = {
        "evaluations": [
            {
                "condition_id": "c1",
                "path": "$.amount",
                "operator": "is_greater_than",
                "expected": 1000,
                "actual": "4,999.00 EUR",
                "matched": False,
                "branch_name": "approve",
                "items": [
                    {"index": 0, "actual": 5, "matched": True},
                    {"index": 1, "actual": None, "matched": False},
                ],
                "sub_evaluations": [
                    {"path": "$.paid", "operator": "is_true", "expected": None, "actual": False}
                ],
            }
        ],
        "selected_handles": ["output-json-else"],
        "matched_branch_id": None,
        "matched_condition_ids": [],
    }
    assert summary_of("conditional_evaluation", data).value == snapshot(
        {
            "conditions": [
                {
                    "path": "$.amount",
                    "operator": "is_greater_than",
                    "expected": 1000,
                    "actual": "4,999.00 EUR",
                    "matched": False,
                    "types": {"expected": "number", "actual": "string"},
                    "branch": "approve",
                    "items": {
                        "count": 2,
                        "matched": 1,
                        "first": [
                            {"index": 1, "actual": None, "matched": False},
                            {"index": 0, "actual": 5, "matched": True},
                        ],
                    },
                    "parts": [
                        {
                            "path": "$.paid",
                            "operator": "is_true",
                            "actual": False,
                            "matched": False,
                        }
                    ],
                }
            ],
            "selected_handles": ["output-json-else"],
            "no_condition_matched": True,
        }
    )


def test_null_is_kept_and_has_a_type() -> None:
    data = {"evaluations": [{"operator": "is_equal_to", "actual": None, "expected": "x"}]}
    (line,) = summary_of("conditional_evaluation", data).value["conditions"]
    assert (line["expected"], line["actual"]) == ("x", None)
    assert line["types"] == {"expected": "string", "actual": "null"}


def test_review_and_while_loop_summaries_say_how_they_ended() -> None:
    review = {
        "requires_human_review": True,
        "review_decision": "rejected",
        "review_notes": "The extract is too old.",
        "reviewer_id": "user_1",
        "evaluations": [],
    }
    assert summary_of("review_trigger_evaluation", review).value == snapshot(
        {"requires_review": True, "decision": "rejected", "notes": "The extract is too old."}
    )
    loop = {
        "termination_reason": "max_iterations_reached",
        "evaluations": [
            {"path": "$.missing", "operator": "is_equal_to", "expected": 0, "actual": 1}
        ],
    }
    assert summary_of("while_loop_termination", loop).value == snapshot(
        {
            "termination_reason": "max_iterations_reached",
            "conditions": [
                {
                    "path": "$.missing",
                    "operator": "is_equal_to",
                    "expected": 0,
                    "actual": 1,
                    "matched": False,
                }
            ],
        }
    )


def test_text_compared_with_a_number() -> None:
    condition = {
        "path": "$.amount",
        "operator": "is_greater_than",
        "expected": 1000,
        "actual": "4,999.00 EUR",
        "matched": False,
    }
    assert findings_of("conditional_evaluation", {"evaluations": [condition]}) == snapshot(
        [
            (
                FindingKind.CONDITION_TYPES_DIFFER,
                '$.amount is the string "4,999.00 EUR" and was compared with the number 1000 (is greater than), so the default branch was taken',
            )
        ]
    )


def test_no_condition_matched_though_the_types_are_the_same() -> None:
    condition = {"operator": "is_equal_to", "expected": 1, "actual": 2, "matched": False}
    assert findings_of("conditional_evaluation", {"evaluations": [condition]}) == [
        ("default_branch", "no condition matched, so the default branch was taken")
    ]
    matched = {"evaluations": [condition | {"matched": True}]}
    assert findings_of("conditional_evaluation", matched) == []


def test_review_and_while_loop_findings() -> None:
    loop = {"termination_reason": "max_iterations_reached"}
    assert findings_of("while_loop_termination", loop) == [
        (
            "loop_limit",
            "the loop reached its maximum number of iterations before its exit condition held",
        )
    ]
    left = {"path": "$.missing_fields", "operator": "is_equal_to", "expected": 0, "actual": 3}
    (found,) = findings_of("while_loop_termination", loop | {"evaluations": [left]})
    assert found[1].endswith("; at the end, missing_fields was the number 3 (is equal to number 0)")
    assert findings_of("while_loop_termination", {"termination_reason": "condition_met"}) == []
    review = {"review_decision": "rejected", "review_notes": "too old"}
    assert findings_of("review_trigger_evaluation", review) == [
        ("review_rejected", "review rejected: too old")
    ]
    assert findings_of("review_trigger_evaluation", {"review_decision": "approved"}) == []


def test_evidence_of_a_review_has_the_conditions_that_triggered_it() -> None:
    conditions = [
        {"path": "$.total", "operator": "is_empty", "actual": None, "matched": True},
        {"path": "$.date", "operator": "is_empty", "actual": "x", "matched": False},
    ]
    assert evidence_of("review_trigger_evaluation", {"evaluations": conditions}) == {
        "triggered_by": [
            {"path": "$.total", "operator": "is_empty", "actual": None, "matched": True}
        ]
    }


def test_summary_names_the_branch_that_was_taken() -> None:
    data = {
        "evaluations": [
            {"operator": "is_true", "actual": False, "matched": False, "branch_name": "reject"},
            {"operator": "is_true", "actual": True, "matched": True, "branch_name": "approve"},
            {"operator": "is_true", "actual": True, "matched": True, "output_handle_id": "h-2"},
        ],
        "matched_branch_id": "b2",
        "selected_handles": ["h-1"],
    }
    value = summary_of("conditional_evaluation", data).value
    assert [line.get("branch") for line in value["conditions"]] == ["reject", "approve", "h-2"]
    del value["conditions"]
    assert value == {"branch": "approve", "branch_id": "b2", "selected_handles": ["h-1"]}


@pytest.mark.parametrize(
    "taken",
    [
        {"evaluations": [{"matched": True}]},
        {"evaluations": [{"matched": False}], "matched_condition_ids": ["c1"]},
        {"evaluations": [{"matched": False}], "matched_branch_id": "b1"},
        {"evaluations": []},
    ],
)
def test_default_branch_is_not_taken_where_a_branch_is_named(taken: dict[str, Any]) -> None:
    assert "no_condition_matched" not in summary_of("conditional_evaluation", taken).value
    assert findings_of("conditional_evaluation", taken) == []


def test_summary_of_a_pending_review_says_that_it_is_required() -> None:
    data = {
        "requires_human_review": False,
        "requested_revision": "Read page 2 again",
        "reviewed_at": "2026-09-02T06:30:00Z",
        "evaluations": [{"path": "$.total", "operator": "exists", "matched": False}],
    }
    assert summary_of("review_trigger_evaluation", data).value == {
        "requires_review": False,
        "requested_revision": "Read page 2 again",
        "reviewed_at": "2026-09-02T06:30:00Z",
        "conditions": [{"path": "$.total", "operator": "exists", "matched": False}],
        "no_condition_matched": True,
    }


def _conditions(count: int) -> dict[str, Any]:
    return {"evaluations": [{"path": f"$.f{n}", "matched": True} for n in range(count)]}


def test_many_conditions_are_cut_to_the_first_or_in_a_loop_the_last() -> None:
    first = summary_of("conditional_evaluation", _conditions(20))
    assert [line["path"] for line in first.value["conditions"]] == [f"$.f{n}" for n in range(15)]
    assert first.value["conditions_total"] == 20
    assert first.omitted == ("/evaluations/15-20",)
    last = summary_of("while_loop_termination", _conditions(20))
    assert [line["path"] for line in last.value["conditions"]] == [f"$.f{n}" for n in range(5, 20)]
    assert last.omitted == ("/evaluations/0-5",)


def test_evidence_has_three_conditions_at_most_of_a_loop_the_last() -> None:
    data = _conditions(5) | {"matched_branch_id": "b1", "selected_handles": ["h"]}
    found = evidence_of("conditional_evaluation", data)
    assert [line["path"] for line in found["conditions"]] == ["$.f0", "$.f1", "$.f2"]
    assert (found["branch_id"], found["selected_handles"]) == ("b1", ["h"])
    loop = evidence_of("while_loop_termination", _conditions(5) | {"termination_reason": "error"})
    assert [line["path"] for line in loop["last_conditions"]] == ["$.f2", "$.f3", "$.f4"]
    assert loop["termination_reason"] == "error"
    review = evidence_of(
        "review_trigger_evaluation", _conditions(5) | {"review_decision": "approved"}
    )
    assert [line["path"] for line in review["triggered_by"]] == ["$.f0", "$.f1", "$.f2"]
    assert review["decision"] == "approved"


def test_clue_is_the_limit_that_a_loop_reached() -> None:
    def clue(reason: str) -> FailureClue | None:
        return failure_clue(artifact_of("while_loop_termination", {"termination_reason": reason}))

    assert clue("max_iterations_reached") == FailureClue(
        "the loop ended with max_iterations_reached", kind=FailureKind.LOOP_LIMIT
    )
    assert clue("condition_met") is None


def test_findings_of_types_point_at_the_condition_and_name_its_field() -> None:
    data = {
        "evaluations": [
            {"operator": "is_true", "actual": False},
            {"path": "$.order.amount", "operator": "is_equal_to", "expected": 1, "actual": "1"},
            {"expected": 1, "actual": None},
        ],
        "matched_branch_id": "b1",
    }
    found = findings_in(artifact_of("conditional_evaluation", data))
    assert [(one.message, one.paths, one.field) for one in found] == [
        (
            '$.order.amount is the string "1" and was compared with the number 1 (is equal to)',
            ("/evaluations/1",),
            "amount",
        ),
        ("a value is null and was compared with the number 1", ("/evaluations/2",), ""),
    ]


@pytest.mark.parametrize(
    ("operator", "expected", "actual", "differ"),
    [
        ("is_equal_to", [1], 1, True),
        ("is_not_equal_to", {"a": 1}, [1], True),
        ("is_one_of", ["a", "b"], "a", False),
        ("length_less_than", 3, "text", False),
        ("contains", "a", ["a"], False),
        ("is_equal_to", 1, 1.5, False),
        ("is_equal_to", True, "true", True),
        (None, 1, "1", True),
    ],
)
def test_types_are_compared_where_the_operator_compares_values(
    operator: str | None, expected: Any, actual: Any, differ: bool
) -> None:
    condition = {"operator": operator, "expected": expected, "actual": actual}
    (line,) = summary_of("conditional_evaluation", {"evaluations": [condition]}).value["conditions"]
    assert ("types" in line) is differ


@pytest.mark.parametrize(
    "operator", ["exists", "does_not_exist", "is_empty", "is_not_empty", "is_true", "is_false"]
)
def test_operators_of_one_side_do_not_show_what_is_expected(operator: str) -> None:
    condition = {"operator": operator, "expected": None, "actual": 1}
    (line,) = summary_of("conditional_evaluation", {"evaluations": [condition]}).value["conditions"]
    assert line == {"operator": operator, "actual": 1, "matched": False}


def test_a_hidden_character_is_said_where_the_sides_read_the_same() -> None:
    condition = {
        "path": "$.a.code",
        "operator": "is_equal_to",
        "expected": "A1",
        "actual": clean_text("A1\u200b"),
    }
    (found,) = findings_in(artifact_of("conditional_evaluation", {"evaluations": [condition]}))
    assert found.message == (
        "no condition matched, so the default branch was taken: actual contains U+200B"
    )
    assert found.field == "code"


def test_conditions_on_several_fields_name_none() -> None:
    conditions = [{"path": "$.a", "operator": "exists"}, {"path": "$.b", "operator": "exists"}]
    (found,) = findings_in(artifact_of("conditional_evaluation", {"evaluations": conditions}))
    assert found.field == ""


def test_a_condition_on_many_items_or_parts_is_cut() -> None:
    items = [{"indices": [0, n], "actual": n, "matched": n == 0} for n in range(7)]
    parts = [{"path": f"$.p{n}", "matched": True} for n in range(16)]
    condition = {"items": items, "sub_evaluations": parts, "logical_operator": "and"}
    (line,) = summary_of(
        "conditional_evaluation",
        {"evaluations": [condition]},
    ).value["conditions"]
    assert (line["logical_operator"], line["parts_total"], len(line["parts"])) == ("and", 16, 15)
    assert line["items"]["count"] == 7
    assert line["items"]["matched"] == 1
    assert [each["index"] for each in line["items"]["first"]] == [[0, n] for n in range(1, 6)]


def test_a_rejection_without_a_reason_and_an_unnamed_last_value() -> None:
    assert findings_of("review_trigger_evaluation", {"review_decision": "rejected"}) == [
        ("review_rejected", "review rejected: no reason given")
    ]
    loop = {"termination_reason": "max_iterations_reached", "evaluations": [{"actual": 3}]}
    assert findings_of("while_loop_termination", loop) == [
        (
            "loop_limit",
            "the loop reached its maximum number of iterations before its exit condition held"
            "; at the end, the value was the number 3",
        )
    ]
