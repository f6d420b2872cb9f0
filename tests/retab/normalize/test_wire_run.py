"""A run has the same facts from every generation, and its generation is detected."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize import run_from_wire
from tests.retab.wires import GENERATIONS, JSON, failed_run

RUN_FIELDS = [
    "id", "status", "lifecycle", "timing", "workflow", "workflow_id", "workflow_version_id",
    "trigger", "trigger_type", "inputs", "input_documents", "input_json_data", "input_text_data",
    "metadata", "steps", "error", "error_stage", "error_details", "cost_summary", "duration_ms",
    "waiting_for_block_ids", "waiting_for_node_ids", "created_at", "human_waiting_started_at",
    "final_outputs",
]  # fmt: skip


@pytest.mark.parametrize("generation", GENERATIONS)
def test_the_shape_of_a_run_gives_its_generation(generation: str) -> None:
    assert run_from_wire(failed_run(generation)).generation == generation


@pytest.mark.parametrize("generation", GENERATIONS)
def test_every_generation_gives_the_same_model(generation: str) -> None:
    run = run_from_wire(failed_run(generation))
    assert (run.id, run.status, run.workflow_id, run.workflow_version_id) == (
        "run_1",
        "error",
        "wf_1",
        "ver_1",
    )
    assert run.failure is not None
    assert (run.failure.message, run.failure.stage) == ("boom", "execution")
    assert (run.elapsed_ms, run.finished) == (10_000, True)
    assert run.trigger == {"type": "api"}
    assert run.inputs.documents["start-1"]["filename"] == "invoice.pdf"
    assert run.inputs.json_data == {"start-2": {"limit": 5}}


def test_whole_run_of_the_first_generation() -> None:
    run = run_from_wire(failed_run("g1"))
    assert run.model_dump(mode="json", exclude_defaults=True) == snapshot(
        {
            "id": "run_1",
            "generation": "g1",
            "status": "error",
            "workflow_id": "wf_1",
            "workflow_name": "Invoices",
            "workflow_version_id": "ver_1",
            "trigger": {"type": "api"},
            "created_at": "2026-03-12T09:00:00Z",
            "started_at": "2026-03-12T09:00:01Z",
            "completed_at": "2026-03-12T09:00:11Z",
            "duration_ms": 10000,
            "failure": {
                "message": "boom",
                "stage": "execution",
                "details": {"error_code": "E42"},
            },
            "inputs": {
                "documents": {
                    "start-1": {
                        "id": "file_1",
                        "filename": "invoice.pdf",
                        "mime_type": "application/pdf",
                    }
                },
                "json_data": {"start-2": {"limit": 5}},
            },
            "steps": [
                {
                    "run_id": "run_1",
                    "step_id": "extract-1",
                    "block_id": "extract-1",
                    "type": "extract",
                    "status": "error",
                    "failure": {"message": "boom"},
                }
            ],
            "cost": 0.5,
            "tokens": 1200,
        }
    )


def test_whole_run_of_the_current_generation() -> None:
    run = run_from_wire(failed_run("g3"))
    assert run.model_dump(mode="json", exclude_defaults=True) == snapshot(
        {
            "id": "run_1",
            "generation": "g3",
            "status": "error",
            "workflow_id": "wf_1",
            "workflow_version_id": "ver_1",
            "trigger": {"type": "api"},
            "created_at": "2026-03-12T09:00:00Z",
            "started_at": "2026-03-12T09:00:01Z",
            "completed_at": "2026-03-12T09:00:11Z",
            "failure": {"message": "boom", "stage": "execution", "category": "permanent"},
            "failing_step_id": "extract-1",
            "inputs": {
                "documents": {
                    "start-1": {
                        "id": "file_1",
                        "filename": "invoice.pdf",
                        "mime_type": "application/pdf",
                    }
                },
                "json_data": {"start-2": {"limit": 5}},
            },
            "metadata": {"customer": "c-9"},
        }
    )


@pytest.mark.parametrize(
    "wire",
    [
        {"status": "waiting_for_human", "waiting_for_node_ids": ["hil-1"]},
        {"status": "waiting_for_human", "waiting_for_block_ids": ["hil-1"]},
        {"lifecycle": {"kind": "waiting_for_human", "waiting_for_block_ids": ["hil-1"]}},
        {"lifecycle": {"status": "waiting_for_human", "waiting_for_block_ids": ["hil-1"]}},
        {"lifecycle": {"status": "awaiting_review", "waiting_for_block_ids": ["hil-1"]}},
    ],
)
def test_waiting_run(wire: dict[str, Any]) -> None:
    run = run_from_wire(wire)
    assert (run.status, run.waiting_for_block_ids) == ("awaiting_review", ("hil-1",))
    assert (run.finished, run.failure) == (False, None)


@pytest.mark.parametrize(
    "wire",
    [
        {"human_waiting_started_at": "2026-03-12T09:00:00Z", "human_waiting_duration_ms": 5},
        {
            "timing": {
                "human_waiting_started_at": "2026-03-12T09:00:00Z",
                "accumulated_human_waiting_ms": 5,
            }
        },
        {
            "timing": {
                "review_waiting_started_at": "2026-03-12T09:00:00Z",
                "accumulated_review_waiting_ms": 5,
            }
        },
    ],
)
def test_time_spent_waiting(wire: dict[str, Any]) -> None:
    run = run_from_wire(wire)
    assert run.review_waiting_since is not None
    assert run.review_waiting_since.isoformat() == "2026-03-12T09:00:00+00:00"
    assert run.review_waiting_ms == 5


def test_undocumented_words_are_kept() -> None:
    assert run_from_wire({"lifecycle": {"status": "failed", "message": "old row"}}).finished
    assert run_from_wire({"lifecycle": {"status": "paused"}}).status == "paused"
    assert run_from_wire({}).status == "unknown"


def test_a_cancelled_run_has_a_reason() -> None:
    run = run_from_wire({"lifecycle": {"status": "cancelled", "reason": "too slow"}})
    assert (run.reason, run.failure) == ("too slow", None)


def test_email_trigger_keeps_its_sender() -> None:
    older = run_from_wire({"trigger_type": "email", "trigger_email": "someone"})
    assert older.trigger == {"type": "email", "email": "someone"}
    newer = run_from_wire({"trigger": {"type": "restart", "parent_run_id": "run_0"}})
    assert newer.trigger["parent_run_id"] == "run_0"


def test_text_inputs_of_the_first_weeks() -> None:
    run = run_from_wire({"input_text_data": {"start-1": "hello"}, "input_json_data": None})
    assert run.inputs.json_data == {"start-1": "hello"}


def test_steps_are_none_for_a_run_that_embeds_none() -> None:
    assert run_from_wire({"status": "running"}).steps is None
    assert run_from_wire({"status": "running", "steps": []}).steps == ()


@pytest.mark.parametrize("body", [None, [], "run", 3])
def test_a_body_that_is_not_an_object_is_refused(body: Any) -> None:
    with pytest.raises(RetabError) as refused:
        run_from_wire(body)
    assert refused.value.kind == "bad_response"


@given(st.dictionaries(st.sampled_from(RUN_FIELDS), JSON), st.sampled_from(GENERATIONS))
def test_wrong_types_never_fail(fields: dict[str, Any], generation: str) -> None:
    run = run_from_wire({**failed_run(generation), **fields}, run_id="run_1")
    assert run.id
    assert run.generation in GENERATIONS


@given(st.sampled_from(GENERATIONS), st.data())
def test_missing_fields_never_fail(generation: str, data: st.DataObject) -> None:
    body = failed_run(generation)
    kept = data.draw(st.sets(st.sampled_from(sorted(body))))
    run = run_from_wire({name: body[name] for name in kept}, run_id="run_1")
    assert run.id == "run_1"
