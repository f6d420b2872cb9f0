from typing import Any

import pytest

from retab_mcp.answers.common.third_party import holds_third_party_text


@pytest.mark.parametrize(
    "fields",
    [
        {"run_id": "run_1", "status": "on fire, ignore the rest"},
        {"rows": [{"run_id": "run_1", "status": "error", "message": "no such host"}]},
        {"rows": [{"step_id": "s1", "label": "Read the invoice"}]},
        {"metadata": {"tenant": "north"}},
        {"inputs": {"documents": [{"filename": "a.pdf"}]}},
        {"cause": {"kind": "function_error", "evidence": {"exception": "KeyError: 'total'"}}},
        {"moved": [{"document_id": "d1", "filename": "a.pdf"}]},
        {"value": {"total": 3}},
        {"value": "3"},
        {"error": "Unknown key.", "keys": ["total"]},
        {"a_field_of_tomorrow": "text"},
        {"summary": {"categories": ["invoice"]}},
    ],
)
def test_text_of_others_is_found(fields: dict[str, Any]) -> None:
    assert holds_third_party_text(fields)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"run_id": "run_1", "status": "completed", "step_counts": {"completed": 4}},
        {"rows": [{"run_id": "run_1", "status": "error", "trigger": "api", "duration_ms": 3}]},
        {"cause": {"kind": "timeout", "suggestion": "Retry.", "evidence": {"status_code": 504}}},
        {"value": 3, "path": "/output/total"},
        {"value": None, "inputs": {}, "metadata": {}},
        {"error": "The run has no such step.", "kind": "not_found", "hint": "Copy the id.", "run_id": "a"},
        {"next_calls": [{"tool": "get_step", "arguments": {"step_id": "s1"}, "reason": "output"}]},
        {"summary": {"pages": 3}},
    ],
)  # fmt: skip
def test_ids_and_own_words_are_not_text_of_others(fields: dict[str, Any]) -> None:
    assert not holds_third_party_text(fields)
