"""Artifacts get the field names of the current generation."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from retab_mcp.models import Artifact
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize import artifact_from_wire
from tests.retab.wires import JSON

OPERATIONS = [
    "extraction", "split", "classification", "parse", "edit", "partition",
    "conditional_evaluation", "review_trigger_evaluation", "while_loop_termination",
    "api_call_invocation", "function_invocation", "hil_evaluation", "an_operation_to_come",
]  # fmt: skip
RECORD_FIELDS = [
    "id", "operation", "record", "data", "block_id", "status", "error", "attempts", "evaluations",
    "consensus", "consensus_details", "likelihoods", "predictions", "output", "created_at",
    "inference_settings", "workflow_run_id", "run_id", "step_id", "model",
]  # fmt: skip


def test_extraction_of_the_first_generation() -> None:
    older = {
        "id": "extr_1",
        "predictions": {"total": None},
        "likelihoods": {"total": 0.4},
        "consensus_details": [{"total": 1}, {"total": None}],
        "inference_settings": {"model": "retab-small", "n_consensus": 3},
        "json_schema": {"type": "object"},
        "created_at": "2026-03-12T09:00:00Z",
    }
    artifact = artifact_from_wire(older, "extraction", "extr_1")
    assert artifact.model_dump(mode="json", exclude_defaults=True) == snapshot(
        {
            "id": "extr_1",
            "operation": "extraction",
            "created_at": "2026-03-12T09:00:00Z",
            "data": {
                "id": "extr_1",
                "inference_settings": {"model": "retab-small", "n_consensus": 3},
                "json_schema": {"type": "object"},
                "created_at": "2026-03-12T09:00:00Z",
                "output": {"total": None},
                "consensus": {
                    "choices": [{"total": 1}, {"total": None}],
                    "likelihoods": {"total": 0.4},
                },
                "model": "retab-small",
                "n_consensus": 3,
            },
        }
    )


def test_votes_of_the_first_generation_are_unwrapped() -> None:
    votes = [{"data": {"total": 1}}, {"data": {"total": 2}}]
    wrapped = {"predictions": {"total": 1}, "consensus_details": votes}
    consensus = artifact_from_wire(wrapped, "extraction", "extr_1").data["consensus"]
    assert consensus["choices"] == [{"total": 1}, {"total": 2}]
    own_field = {"predictions": {"data": {}}, "consensus_details": votes}
    consensus = artifact_from_wire(own_field, "extraction", "extr_1").data["consensus"]
    assert consensus["choices"] == votes


def test_a_current_extraction_is_unchanged() -> None:
    today = {
        "id": "extr_1",
        "operation": "extraction",
        "output": {"likelihoods": "a field of the document", "predictions": []},
        "consensus": {"choices": [], "likelihoods": {"total": 1.0}},
        "status": "completed",
        "error": None,
    }
    artifact = artifact_from_wire(today, None, "extr_1")
    assert artifact.data == today
    assert (artifact.status, artifact.failure) == ("completed", None)


def test_a_failed_primitive() -> None:
    error = {"code": "file_encrypted", "message": "needs a password", "details": {"page": 1}}
    artifact = artifact_from_wire({"status": "failed", "error": error}, "parse", "prs_1")
    assert (artifact.id, artifact.status) == ("prs_1", "error")
    assert artifact.failure is not None
    assert artifact.failure.model_dump(exclude_defaults=True) == snapshot(
        {
            "message": "needs a password",
            "details": {
                "message": "needs a password",
                "error_code": "file_encrypted",
                "context": {"page": 1},
            },
        }
    )


def test_conditions_get_current_names_at_every_level() -> None:
    item = {"index": 0, "actual": 3, "matched": False}
    sub = {"path": "a", "actual": 3, "per_item": [item]}
    older = {
        "workflow_run_id": "run_1",
        "step_id": "cond-1",
        "evaluations": [
            {
                "condition_id": "c1",
                "expected": 5,
                "actual": None,
                "per_item": [item],
                "sub_evaluations": [sub],
                "details": {"path": "a", "per_item": None, "sub_conditions": [sub]},
            }
        ],
    }
    artifact = artifact_from_wire(older, "conditional_evaluation", "ceval_1")
    assert (artifact.run_id, artifact.step_id) == ("run_1", "cond-1")
    assert artifact.data["run_id"] == "run_1"
    assert artifact.data["evaluations"][0] == snapshot(
        {
            "condition_id": "c1",
            "expected": 5,
            "actual": None,
            "sub_evaluations": [
                {
                    "path": "a",
                    "actual": 3,
                    "items": [{"index": 0, "actual": 3, "matched": False}],
                }
            ],
            "details": {
                "path": "a",
                "sub_conditions": [
                    {
                        "path": "a",
                        "actual": 3,
                        "items": [{"index": 0, "actual": 3, "matched": False}],
                    }
                ],
                "items": None,
            },
            "items": [{"index": 0, "actual": 3, "matched": False}],
        }
    )


def test_documentation_examples_of_conditions() -> None:
    older = {"evaluations": [{"left_value": "4,999.00 EUR", "right_value": 5000}]}
    evaluation = artifact_from_wire(older, "conditional_evaluation", "c").data["evaluations"][0]
    assert evaluation == {"actual": "4,999.00 EUR", "expected": 5000}


def test_errors_that_are_text_become_objects() -> None:
    older = {
        "error": "gave up",
        "attempts": [{"attempt_number": 0, "error": "timed out"}, {"error": None}, "odd"],
    }
    artifact = artifact_from_wire(older, "api_call_invocation", "x_1")
    assert artifact.data["error"] == {"message": "gave up"}
    assert artifact.data["attempts"] == [
        {"attempt_number": 0, "error": {"message": "timed out"}},
        {"error": None},
        "odd",
    ]
    assert artifact.failure is not None
    assert artifact.failure.message == "gave up"


def test_stack_trace_of_a_function() -> None:
    record = {"error": {"message": "bad", "stack_trace": "Traceback …"}, "inputs": {}}
    failure = artifact_from_wire(record, "function_invocation", "fninv_1").failure
    assert failure is not None
    assert failure.details is not None
    assert (failure.message, failure.details.stack_trace) == ("bad", "Traceback …")


def test_edit_and_classification_of_may() -> None:
    edit = artifact_from_wire({"data": {"form_data": []}}, "edit", "edt_1")
    assert edit.data == {"output": {"form_data": []}}
    votes = {"consensus": {"choices": [], "likelihood": 0.7}}
    classification = artifact_from_wire(votes, "classification", "clss_1")
    assert classification.data["consensus"] == {"choices": [], "likelihoods": 0.7}


def test_wrapped_records() -> None:
    wrapped = {"operation": "hil_evaluation", "record": {"id": "heval_1", "run_id": "run_1"}}
    artifact = artifact_from_wire(wrapped, None, "heval_1")
    assert (artifact.operation, artifact.run_id) == ("review_trigger_evaluation", "run_1")
    page = {"id": "a", "block_id": "b", "run_id": "run_1", "data": {"output": {"total": 1}}}
    assert artifact_from_wire(page, "extraction", "a").data["output"] == {"total": 1}


def test_an_unknown_operation_is_kept() -> None:
    artifact = artifact_from_wire({"id": "tbl_1", "operation": "table_join", "x": 1}, None, "tbl_1")
    assert (artifact.operation, artifact.data["x"]) == ("table_join", 1)
    assert artifact_from_wire({}, None, "q_1") == Artifact(id="q_1", operation="unknown")


@pytest.mark.parametrize("body", [None, [], "text", 1.5])
def test_a_body_that_is_not_an_object_is_refused(body: Any) -> None:
    with pytest.raises(RetabError) as refused:
        artifact_from_wire(body, "parse", "prs_1")
    assert refused.value.kind == "bad_response"


@given(st.dictionaries(st.sampled_from(RECORD_FIELDS), JSON), st.sampled_from(OPERATIONS))
def test_wrong_types_never_fail(body: dict[str, Any], operation: str) -> None:
    artifact = artifact_from_wire(body, operation, "id_1")
    assert artifact.id
    assert artifact.operation


@given(st.dictionaries(st.sampled_from(RECORD_FIELDS), JSON), st.sampled_from(OPERATIONS))
def test_a_current_record_is_unchanged_when_read_again(
    body: dict[str, Any], operation: str
) -> None:
    once = artifact_from_wire(body, operation, "id_1")
    again = artifact_from_wire(once.data, once.operation, "id_1")
    if "record" not in body and not ("data" in body and "block_id" in body):
        assert repr(again.data) == repr(once.data)
