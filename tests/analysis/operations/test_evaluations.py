"""Conditionals, review triggers and while loops: summary and findings."""

from inline_snapshot import snapshot

from retab_mcp.models import FindingKind
from tests.analysis.operations.reading import evidence_of, findings_of, summary_of


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
