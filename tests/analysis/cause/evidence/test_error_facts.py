"""The facts of an error are kept, without what the answer says already."""

from retab_mcp.analysis.cause.evidence.error_facts import error_facts
from retab_mcp.models import Json


def test_facts_are_kept() -> None:
    facts = {
        "credits_left": 0,
        "renews_at": "2026-10-01",
        "limit": {"threshold": 0.8, "value": 0.6},
    }
    assert error_facts([facts], ["out of credits"]) == facts


def test_what_is_said_or_shown_is_left_out() -> None:
    facts = {
        "message": "Out of credits.",
        "reason": "Step failed",
        "block_id": "block_a",
        "response_status": 402,
        "body": {"error": "x"},
        "note": None,
        "file_id": "file_1",
    }
    found = error_facts([facts], ["out of credits"], [402, {"error": "x"}])
    assert found == {"file_id": "file_1"}


def test_first_source_counts_and_text_can_be_json() -> None:
    assert error_facts([{"page": 3}, {"page": 9}, '{"dpi": 600}'], []) == {"page": 3, "dpi": 600}


def test_no_facts() -> None:
    assert error_facts([None, {}, {"message": "odd"}, "{broken"], ["odd", "{broken"]) is None


def test_facts_are_not_repeated_under_context() -> None:
    facts = {"violations": [{"path": "$.total"}], "limit": 3}
    assert error_facts([{**facts, "context": facts}], []) == facts
    assert error_facts([{"context": facts}, facts], []) == facts


def test_other_facts_under_context_stay_there() -> None:
    found = error_facts([{"limit": 3, "context": {"limit": 4, "page": 7}}], [])
    assert found == {"limit": 3, "context": {"limit": 4, "page": 7}}


def test_a_fact_is_kept_with_all_its_parts() -> None:
    violations: Json = [{"path": "$.total", "validator": "type"}, {"path": "$.currency"}]
    context: Json = {"violations": violations, "given": {"total": "1.180,00", "vendor": "Globex"}}
    said = ["$.total: '1.180,00' is of the wrong type"]
    assert error_facts([context], said) == context
    assert error_facts([{"context": context}], said) == {"context": context}


def test_a_fact_that_is_said_is_left_out_whole() -> None:
    said = ["$.total is of the wrong type"]
    assert error_facts([{"violations": [{"path": "$.total"}], "left": 0}], said) == {"left": 0}


def test_parts_of_a_fact_that_are_bulk_are_left_out() -> None:
    context: Json = {"answer": {"body": "x " * 400, "code": "E7", "run_id": "run_1"}}
    assert error_facts([context], []) == {"answer": {"code": "E7"}}
