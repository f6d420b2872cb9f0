"""A step has the same facts from every generation."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from retab_mcp.models import ArtifactRef, LoopPosition, StepPayload
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize import step_from_wire, steps_from_wire
from tests.retab.wires import GENERATIONS, JSON, failed_step

STEP_FIELDS = [
    "run_id", "block_id", "node_id", "step_id", "block_type", "node_type", "block_kind",
    "block_label", "lifecycle", "terminal", "status", "error", "error_stage", "error_category",
    "error_details", "started_at", "completed_at", "created_at", "duration_ms", "cost", "tokens",
    "retry_count", "loop_containers", "iteration_context", "loop_id", "iteration", "artifact",
    "handle_inputs", "handle_outputs", "output", "model",
]  # fmt: skip
STATUSES = ["pending", "queued", "running", "completed", "skipped", "error", "cancelled", "paused"]


@pytest.mark.parametrize("generation", GENERATIONS)
def test_every_generation_gives_the_same_model(generation: str) -> None:
    step = step_from_wire(failed_step(generation))
    assert step.summary.elapsed_ms == 3000
    assert step.summary.model_dump(mode="json", exclude_defaults=True) == snapshot(
        {
            "run_id": "run_1",
            "step_id": "mr1_iter_2_extract-1",
            "block_id": "extract-1",
            "type": "extract",
            "label": "Extract",
            "status": "error",
            "started_at": "2026-03-12T09:00:00Z",
            "completed_at": "2026-03-12T09:00:03Z",
            "failure": {
                "message": "boom",
                "stage": "execution",
                "category": "transient",
                "details": {
                    "stack_trace": "Traceback",
                    "error_code": "E42",
                    "context": {"page": 3},
                },
            },
            "retry_count": 1,
            "loops": [{"container_id": "loop-1", "iteration": 2, "is_parallel": True}],
            "model": "retab-small",
        }
    )
    assert step.payload == StepPayload(
        handle_inputs={"input-file-0": {"type": "file", "document": {"id": "file_1"}}}
    )


def test_the_given_step_id_replaces_a_missing_one() -> None:
    body = {"block_id": "extract-1", "block_type": "extract", "status": "completed"}
    step = step_from_wire(body, run_id="run_1", step_id="mr1_iter_0_extract-1")
    assert (step.summary.run_id, step.summary.step_id) == ("run_1", "mr1_iter_0_extract-1")
    assert step_from_wire(body).summary.step_id == "extract-1"
    assert step_from_wire({"node_id": "n-1", "step_id": ""}).summary.step_id == "n-1"


def test_cost_tokens_and_typed_output_of_the_first_generation() -> None:
    step = step_from_wire(
        {
            "node_id": "extract-1",
            "status": "completed",
            "cost": {"input": 0.01, "output": 0.02, "total": 0.03},
            "tokens": {"input": 10, "output": 5, "total": 15},
            "output": {"extracted_data": {"total": None}, "extraction_id": "extr_9"},
        }
    )
    assert (step.summary.cost, step.summary.tokens) == (0.03, 15)
    assert step.summary.artifact == ArtifactRef(operation="extraction", id="extr_9")
    assert step.payload.output["extracted_data"] == {"total": None}


def test_loop_from_flat_fields() -> None:
    step = step_from_wire({"block_id": "b", "loop_id": "while-1", "iteration": 4})
    assert step.summary.loops == (LoopPosition(container_id="while-1", iteration=4),)
    assert step_from_wire({"block_id": "b", "iteration": 4}).summary.loops == ()


def test_nested_loops_keep_their_order() -> None:
    containers = [
        {"container_id": "outer", "iteration": 1},
        {"container_id": "inner", "iteration": 0, "is_parallel": True, "parallel_item_index": 7},
    ]
    step = step_from_wire({"block_id": "b", "loop_containers": containers})
    assert [loop.container_id for loop in step.summary.loops] == ["outer", "inner"]
    assert step.summary.loops[1].item_index == 7


def test_operation_of_a_reference_gets_its_current_name() -> None:
    older = {"block_id": "b", "artifact": {"operation": "hil_evaluation", "id": "heval_1"}}
    ref = step_from_wire(older).summary.artifact
    assert ref == ArtifactRef(operation="review_trigger_evaluation", id="heval_1")
    assert step_from_wire({"block_id": "b", "artifact": {"id": ""}}).summary.artifact is None


@pytest.mark.parametrize(
    ("wire", "reason"),
    [
        ({"lifecycle": {"status": "skipped", "reason": "not taken"}}, "not taken"),
        (
            {"status": "skipped", "terminal": {"kind": "skipped", "reason": "not taken"}},
            "not taken",
        ),
        ({"status": "skipped", "output": {"reason": "not taken"}}, "not taken"),
        ({"status": "skipped", "output": {"missing_input": "doc"}}, "missing input: doc"),
        ({"lifecycle": {"status": "cancelled", "reason": None}}, None),
        ({"status": "completed", "output": {"reason": "a field of the document"}}, None),
    ],
)
def test_reason(wire: dict[str, Any], reason: str | None) -> None:
    assert step_from_wire(wire).summary.reason == reason


@pytest.mark.parametrize(
    "wrap",
    [
        lambda rows: rows,
        lambda rows: {"data": rows, "list_metadata": {"before": None, "after": None}},
        lambda rows: {"data": rows},
        lambda rows: {"outputs": {row["step_id"]: row for row in rows}},
    ],
)
def test_list_forms(wrap: Any) -> None:
    found = steps_from_wire(wrap([failed_step("g2c"), {"step_id": "b"}]), run_id="run_1")
    assert [step.summary.step_id for step in found.steps] == ["mr1_iter_2_extract-1", "b"]
    assert (found.next_cursor, found.unread, found.found) == (None, 0, True)


def test_a_list_counts_rows_that_are_not_objects() -> None:
    assert steps_from_wire([1, {"block_id": "b"}, None]).unread == 2
    assert steps_from_wire({"detail": "no list here"}).found is False
    page = steps_from_wire({"data": [], "list_metadata": {"after": "step_9"}})
    assert page.next_cursor == "step_9"


def test_keys_of_the_outputs_map_are_step_ids() -> None:
    found = steps_from_wire({"outputs": {"mr1_iter_0_n": {"node_id": "n", "status": "completed"}}})
    assert found.steps[0].summary.step_id == "mr1_iter_0_n"


@pytest.mark.parametrize("body", [None, 7, "text", True])
def test_a_body_that_is_neither_object_nor_list_is_refused(body: Any) -> None:
    with pytest.raises(RetabError) as refused:
        steps_from_wire(body)
    assert refused.value.kind == "bad_response"
    with pytest.raises(RetabError):
        step_from_wire(body)


@given(st.dictionaries(st.sampled_from(STEP_FIELDS), JSON))
def test_wrong_types_never_fail(body: dict[str, Any]) -> None:
    step = step_from_wire(body, run_id="run_1", step_id="step_1")
    assert step.summary.step_id
    assert step.summary.status


@given(JSON)
def test_any_body_reads_or_is_refused(body: Any) -> None:
    if not isinstance(body, list | dict):
        with pytest.raises(RetabError):
            steps_from_wire(body)
        return
    found = steps_from_wire(body)
    if isinstance(body, list):
        assert len(found.steps) + found.unread == len(body)


@given(st.sampled_from(STATUSES), st.datetimes(timezones=st.just(UTC)))
def test_status_and_time_survive(status: str, started_at: datetime) -> None:
    for wire in ({"status": status}, {"lifecycle": {"status": status}}):
        summary = step_from_wire({**wire, "started_at": started_at.isoformat()}).summary
        assert (summary.status, summary.started_at) == (status, started_at)
