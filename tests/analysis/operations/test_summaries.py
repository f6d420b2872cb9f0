"""What a reader sees of an artifact of each operation."""

from typing import Any

from inline_snapshot import snapshot

from retab_mcp.analysis.operations import Summary, summarize
from retab_mcp.models import Artifact

FILE = {"id": "file_1", "filename": "scan.pdf", "mime_type": "application/pdf"}


def _summary(operation: str, data: dict[str, Any], budget: int = 1500, **fields: Any) -> Summary:
    return summarize(Artifact(id="a1", operation=operation, data=data, **fields), budget)


def test_extraction_shows_what_is_doubtful_before_the_data() -> None:
    data = {
        "file": FILE,
        "model": "retab-small",
        "json_schema": {
            "type": "object",
            "required": ["number", "due", "total"],
            "properties": {
                "number": {"type": "string"},
                "due": {"type": "string"},
                "total": {"type": "number"},
            },
        },
        "output": {"number": "17", "due": None, "total": "1.180,00"},
        "consensus": {
            "likelihoods": {"number": 1.0, "due": 0.5, "total": 0.34},
            "choices": [
                {"number": "17", "due": None, "total": "1.180,00"},
                {"number": "17", "total": 1180},
            ],
        },
    }
    assert _summary("extraction", data).value == snapshot(
        {
            "document": "scan.pdf",
            "model": "retab-small",
            "required_missing": {"count": 1, "first": [{"path": "/output/due", "problem": "null"}]},
            "type_mismatches": {
                "count": 1,
                "first": [{"path": "/output/total", "expected": "number", "value": "1.180,00"}],
            },
            "low_likelihoods": {
                "count": 2,
                "first": [
                    {"path": "/output/total", "value": "1.180,00", "likelihood": 0.34},
                    {"path": "/output/due", "value": None, "likelihood": 0.5},
                ],
            },
            "votes_disagree": {
                "count": 2,
                "first": [
                    {
                        "path": "/output/due",
                        "votes": [{"value": None, "count": 1}, {"absent": True, "count": 1}],
                    },
                    {
                        "path": "/output/total",
                        "votes": [{"value": "1.180,00", "count": 1}, {"value": 1180, "count": 1}],
                    },
                ],
            },
            "output": {"number": "17", "due": None, "total": "1.180,00"},
        }
    )


def test_the_empty_output_of_a_failed_extraction_misses_no_fields() -> None:
    data = {"file": FILE, "output": {}, "json_schema": {"required": ["total"]}}
    assert _summary("extraction", data, status="error").value == {"document": "scan.pdf"}
    completed = _summary("extraction", data, status="completed").value
    assert completed["required_missing"]["count"] == 1


def test_split_names_pages_in_short_form_and_the_gap() -> None:
    data = {
        "file": {**FILE, "page_count": 14},
        "subdocuments": [{"name": "Form"}, {"name": "Report"}, {"name": "Photos"}],
        "output": [
            {"name": "Form", "pages": [1, 2, 3], "regions": []},
            {"name": "Report", "pages": [3, 4, 7], "regions": []},
        ],
        "consensus": {
            "likelihoods": [
                {"name": 0.99, "pages": [1, 1, 0.9]},
                {"name": 0.6, "pages": [0.5, 0.9, 1]},
            ],
            "choices": [
                [{"name": "Form", "pages": [1, 2, 3]}, {"name": "Report", "pages": [3, 4, 7]}],
                [{"name": "Form", "pages": [1, 2]}, {"name": "Report", "pages": [3, 4, 7]}],
            ],
        },
    }
    assert _summary("split", data).value == snapshot(
        {
            "not_found": ["Photos"],
            "document": "scan.pdf",
            "output": [
                {"name": "Form", "pages": "1-3", "likelihood": 0.99},
                {
                    "name": "Report",
                    "pages": "3-4,7",
                    "likelihood": 0.6,
                    "low_pages": "3",
                    "lowest": 0.5,
                },
            ],
            "votes": [
                {"count": 1, "parts": ["Form 1-3", "Report 3-4,7"]},
                {"count": 1, "parts": ["Form 1-2", "Report 3-4,7"]},
            ],
            "document_pages": 14,
            "pages_unassigned": "5-6,8-14",
            "pages_overlapping": "3",
        }
    )


def test_partition_without_page_count_says_how_far_it_knows() -> None:
    data = {
        "key": "account",
        "allow_overlap": False,
        "output": [{"key": "A", "pages": [1]}, {"key": "B", "pages": [3]}],
        "consensus": None,
    }
    assert _summary("partition", data).value == snapshot(
        {
            "key": "account",
            "overlap_allowed": False,
            "output": [{"key": "A", "pages": "1"}, {"key": "B", "pages": "3"}],
            "pages_known_to": 3,
            "pages_unassigned": "2",
        }
    )


def test_classification_shows_the_votes() -> None:
    data = {
        "file": FILE,
        "categories": [{"name": "Invoice"}, {"name": "Reminder"}],
        "output": {"category": "Invoice", "reasoning": "names an amount " * 100},
        "consensus": {
            "choices": [{"category": "Invoice"}, {"category": "Reminder"}, {"category": "Invoice"}],
            "likelihoods": 0.67,
        },
    }
    value = _summary("classification", data).value
    assert value.pop("reasoning").startswith("names an amount")
    assert value == snapshot(
        {
            "document": "scan.pdf",
            "category": "Invoice",
            "likelihood": 0.67,
            "votes": [{"category": "Invoice", "count": 2}, {"category": "Reminder", "count": 1}],
            "categories": ["Invoice", "Reminder"],
        }
    )


def test_parse_counts_pages_and_names_the_empty_ones() -> None:
    data = {"output": {"pages": ["one", " \n", "", "four"], "text": "one\n\nfour"}}
    assert _summary("parse", data).value == snapshot(
        {"pages": 4, "characters": 9, "empty_pages": "2-3", "text": "one\n\nfour"}
    )


def test_edit_gives_the_document_by_reference_only() -> None:
    data = {
        "output": {
            "form_data": [
                {"key": "exporter", "value": "Acme Corp", "bbox": {"page": 1}},
                {"key": "licence", "value": None, "bbox": {"page": 2}},
                {"key": "seal", "value": "  "},
            ],
            "filled_document": {"filename": "out.pdf", "url": "data:application/pdf;base64,JVBERi"},
        },
        "filled_document_ref": None,
    }
    assert _summary("edit", data).value == snapshot(
        {
            "fields": {"filled": 1, "empty": 2},
            "filled": [{"key": "exporter", "value": "Acme Corp", "page": 1}],
            "empty": ["licence", "seal"],
            "filled_document": {"filename": "out.pdf"},
        }
    )


def test_a_condition_says_where_the_types_differ() -> None:
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
    assert _summary("conditional_evaluation", data).value == snapshot(
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


def test_the_names_of_the_documentation_serve_too() -> None:
    data = {"evaluations": [{"operator": "is_equal_to", "left_value": None, "right_value": "x"}]}
    (line,) = _summary("conditional_evaluation", data).value["conditions"]
    assert (line["expected"], line["actual"]) == ("x", None)
    assert line["types"] == {"expected": "string", "actual": "null"}


def test_review_and_while_loop_say_how_they_ended() -> None:
    review = {
        "requires_human_review": True,
        "review_decision": "rejected",
        "review_notes": "The extract is too old.",
        "reviewer_id": "user_1",
        "evaluations": [],
    }
    assert _summary("review_trigger_evaluation", review).value == snapshot(
        {"requires_review": True, "decision": "rejected", "notes": "The extract is too old."}
    )
    loop = {
        "termination_reason": "max_iterations_reached",
        "evaluations": [
            {"path": "$.missing", "operator": "is_equal_to", "expected": 0, "actual": 1}
        ],
    }
    assert _summary("while_loop_termination", loop).value == snapshot(
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


def test_an_api_call_is_a_line_an_attempt_and_the_last_answer() -> None:
    url = "https://user@erp.example.com:8443/api/orders?company=0100#top"
    data = {
        "attempts": [
            {
                "attempt_number": 0,
                "request_method": "POST",
                "request_url": url,
                "response_status": None,
                "duration_ms": 30000,
                "error": "timed out",
            },
            {
                "attempt_number": 1,
                "request_method": "POST",
                "request_url": url,
                "request_body": {"postcode": None},
                "response_status": 422,
                "response_body": {"field": "postcode"},
                "duration_ms": 120,
                "error": {"message": "422"},
            },
        ],
        "error": {"message": "API call failed: 422"},
    }
    assert _summary("api_call_invocation", data).value == snapshot(
        {
            "attempts": [
                {
                    "attempt": 0,
                    "method": "POST",
                    "url": "erp.example.com:8443/api/orders",
                    "duration_ms": 30000,
                    "error": "timed out",
                },
                {
                    "attempt": 1,
                    "method": "POST",
                    "url": "erp.example.com:8443/api/orders",
                    "status": 422,
                    "duration_ms": 120,
                    "error": "422",
                },
            ],
            "error": "API call failed: 422",
            "response_body": {"field": "postcode"},
            "request_body": {"postcode": None},
        }
    )


def test_a_function_shows_its_exception_inputs_and_output() -> None:
    data = {"inputs": {"a": 1}, "output": None, "duration_ms": 12, "error": "KeyError: 'C3'"}
    assert _summary("function_invocation", data).value == snapshot(
        {"error": "KeyError: 'C3'", "duration_ms": 12, "inputs": {"a": 1}}
    )


def test_an_operation_of_tomorrow_gets_the_generic_digest() -> None:
    assert _summary("translation", {"language": "fr", "text": "bonjour"}).value == {
        "language": "fr",
        "text": "bonjour",
    }
    assert _summary("extraction", {"unexpected": [1, 2]}).value == {"unexpected": [1, 2]}
