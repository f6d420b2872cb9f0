"""The facts of an error are kept, without what the answer says already."""

from retab_mcp.analysis.cause.evidence.error_facts import error_facts


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
