"""The same step and the same run as each generation writes them, so that the differences show."""

from typing import Any

import pytest
from inline_snapshot import snapshot

from tests.sandbox.small import get

NESTED = "/v1/workflows/runs/run_1/steps"
FAILED_STEP = {
    "g1": f"{NESTED}/run_1_calc_0",
    "g2a": f"{NESTED}/run_1_calc_0",
    "g2b": f"{NESTED}/calc",
    "g2c": f"{NESTED}/calc",
    "g2e": "/v1/workflows/steps/run_1_calc_0",
    "g3": "/v1/workflows/steps/run_1_calc_0",
}


def failed_row(generation: str) -> Any:
    """Return the failed step's row in the list of its run."""
    if generation in ("g2e", "g3"):
        return get(generation, "/v1/workflows/steps?run_id=run_1")["data"][1]
    rows = get(generation, NESTED)
    return (rows["data"] if isinstance(rows, dict) else rows)[1]


def test_a_failed_step_in_a_loop_g1() -> None:
    assert failed_row("g1") == snapshot(
        {
            "run_id": "run_1",
            "organization_id": "org_sandbox01",
            "node_id": "calc",
            "node_type": "functions",
            "node_label": "Calculate",
            "step_id": "run_1_calc_0",
            "status": "error",
            "started_at": "2026-03-12T09:00:02Z",
            "completed_at": "2026-03-12T09:00:03Z",
            "duration_ms": 1000,
            "error": "The rate is missing",
            "error_stage": "execution",
            "error_category": "permanent",
            "requires_human_review": None,
            "loop_id": "each",
            "iteration": 0,
            "iteration_context": {
                "containers": [
                    {
                        "container_id": "each",
                        "iteration": 0,
                        "is_parallel": False,
                        "parallel_item_index": None,
                    }
                ]
            },
            "model": None,
            "cost": None,
            "tokens": None,
            "error_details": {"stack_trace": "line 1", "block_id": "calc"},
            "output": None,
            "handle_outputs": None,
            "handle_inputs": None,
            "retry_count": 2,
            "created_at": "2026-03-12T09:00:02Z",
            "updated_at": "2026-03-12T09:00:03Z",
        }
    )
    assert get("g1", FAILED_STEP["g1"]) == snapshot(
        {
            "node_id": "calc",
            "node_type": "functions",
            "node_label": "Calculate",
            "status": "error",
            "output": None,
            "handle_outputs": None,
            "handle_inputs": None,
        }
    )


def test_a_failed_step_in_a_loop_g2a() -> None:
    assert {k: v for k, v in failed_row("g2a").items() if k.startswith("block")} == snapshot(
        {"block_id": "calc", "block_type": "function", "block_label": "Calculate"}
    )
    assert get("g2a", FAILED_STEP["g2a"]) == snapshot(
        {
            "block_id": "calc",
            "block_type": "function",
            "block_label": "Calculate",
            "status": "error",
            "error": "The rate is missing",
            "artifact": None,
            "handle_outputs": None,
            "handle_inputs": None,
        }
    )


def test_a_failed_step_in_a_loop_g2b() -> None:
    assert failed_row("g2b") == snapshot(
        {
            "block_id": "calc",
            "step_id": "run_1_calc_0",
            "block_type": "function",
            "block_label": "Calculate",
            "status": "error",
            "started_at": "2026-03-12T09:00:02Z",
            "completed_at": "2026-03-12T09:00:03Z",
            "terminal": {
                "kind": "error",
                "message": "The rate is missing",
                "stage": "execution",
                "category": "permanent",
                "details": {"stack_trace": "line 1", "block_id": "calc"},
            },
            "model": None,
            "loop_containers": [
                {
                    "container_id": "each",
                    "iteration": 0,
                    "is_parallel": False,
                    "parallel_item_index": None,
                }
            ],
            "run_id": "run_1",
            "organization_id": "org_sandbox01",
            "created_at": "2026-03-12T09:00:02Z",
            "handle_inputs": {},
            "handle_outputs": {},
            "artifact": {"operation": "function_invocation", "id": "fninv_1"},
            "retry_count": 2,
            "duration_ms": 1000,
            "loop_id": "each",
            "iteration": 0,
        }
    )
    assert get("g2b", FAILED_STEP["g2b"]) == snapshot(
        {
            "block_id": "calc",
            "step_id": "run_1_calc_0",
            "block_type": "function",
            "block_label": "Calculate",
            "status": "error",
            "terminal": {
                "kind": "error",
                "message": "The rate is missing",
                "stage": "execution",
                "category": "permanent",
                "details": {"stack_trace": "line 1", "block_id": "calc"},
            },
            "artifact": {"operation": "function_invocation", "id": "fninv_1"},
            "handle_outputs": {},
            "handle_inputs": {},
        }
    )


def test_a_failed_step_in_a_loop_g2c() -> None:
    assert failed_row("g2c") == snapshot(
        {
            "block_id": "calc",
            "step_id": "run_1_calc_0",
            "block_type": "function",
            "block_label": "Calculate",
            "lifecycle": {
                "status": "error",
                "message": "The rate is missing",
                "stage": "execution",
                "category": "permanent",
                "details": {"stack_trace": "line 1", "block_id": "calc"},
            },
            "started_at": "2026-03-12T09:00:02Z",
            "completed_at": "2026-03-12T09:00:03Z",
            "model": None,
            "loop_containers": [
                {
                    "container_id": "each",
                    "iteration": 0,
                    "is_parallel": False,
                    "parallel_item_index": None,
                }
            ],
            "run_id": "run_1",
            "created_at": "2026-03-12T09:00:02Z",
            "handle_inputs": {},
            "handle_outputs": {},
            "artifact": {"operation": "function_invocation", "id": "fninv_1"},
            "retry_count": 2,
        }
    )
    assert get("g2c", FAILED_STEP["g2c"]) == snapshot(
        {
            "block_id": "calc",
            "step_id": "run_1_calc_0",
            "block_type": "function",
            "block_label": "Calculate",
            "lifecycle": {
                "status": "error",
                "message": "The rate is missing",
                "stage": "execution",
                "category": "permanent",
                "details": {"stack_trace": "line 1", "block_id": "calc"},
            },
            "artifact": {"operation": "function_invocation", "id": "fninv_1"},
            "handle_inputs": {},
            "handle_outputs": {},
        }
    )


@pytest.mark.parametrize("generation", ["g2e", "g3"])
def test_a_failed_step_in_a_loop_g2e_and_g3(generation: str) -> None:
    assert (
        failed_row(generation)
        == get(generation, FAILED_STEP[generation])
        == snapshot(
            {
                "block_id": "calc",
                "step_id": "run_1_calc_0",
                "block_type": "function",
                "block_label": "Calculate",
                "lifecycle": {
                    "status": "error",
                    "message": "The rate is missing",
                    "stage": "execution",
                    "category": "permanent",
                    "details": {
                        "message": "KeyError: 'rate'",
                        "stack_trace": "line 1",
                        "block_id": "calc",
                    },
                },
                "started_at": "2026-03-12T09:00:02Z",
                "completed_at": "2026-03-12T09:00:03Z",
                "model": None,
                "loop_containers": [
                    {
                        "container_id": "each",
                        "iteration": 0,
                        "is_parallel": False,
                        "parallel_item_index": None,
                    }
                ],
                "run_id": "run_1",
                "created_at": "2026-03-12T09:00:02Z",
                "handle_inputs": {},
                "handle_outputs": {},
                "artifact": {"operation": "function_invocation", "id": "fninv_1"},
                "retry_count": 2,
            }
        )
    )


def test_a_failed_run_g1() -> None:
    run = get("g1", "/v1/workflows/runs/run_1")
    assert len(run.pop("steps")) == 3
    assert run == snapshot(
        {
            "id": "run_1",
            "workflow_id": "wf_1",
            "workflow_name": "Bills",
            "organization_id": "org_sandbox01",
            "dataset_id": None,
            "config_snapshot_id": "snap_1",
            "status": "error",
            "execution_phase": "started",
            "trigger_type": "email",
            "trigger_email": "a@example.com",
            "completed_at": "2026-03-12T09:00:03Z",
            "duration_ms": 3000,
            "human_waiting_started_at": None,
            "human_waiting_duration_ms": 0,
            "input_documents": {
                "start": {"id": "file_1", "filename": "a.pdf", "mime_type": "application/pdf"}
            },
            "input_json_data": None,
            "final_outputs": None,
            "error": "The rate is missing",
            "error_stage": "execution",
            "error_details": {"stack_trace": "line 1", "block_id": "calc"},
            "cost_summary": {
                "total": 0.02,
                "input_cost": 0.01,
                "output_cost": 0.01,
                "total_tokens": 1000,
                "prompt_tokens": 900,
                "completion_tokens": 100,
            },
            "created_at": "2026-03-12T09:00:00Z",
            "updated_at": "2026-03-12T09:00:03Z",
            "waiting_for_node_ids": [],
            "executed_node_ids": ["read", "calc"],
            "started_at": "2026-03-12T09:00:00Z",
        }
    )


def test_a_failed_run_g2b() -> None:
    assert get("g2b", "/v1/workflows/runs/run_1") == snapshot(
        {
            "id": "run_1",
            "organization_id": "org_sandbox01",
            "workflow": {
                "workflow_id": "wf_1",
                "snapshot_id": "snap_1",
                "name_at_run_time": "Bills",
            },
            "trigger": {"type": "email", "sender": "a@example.com", "subject": "Bill"},
            "lifecycle": {
                "kind": "error",
                "message": "The rate is missing",
                "stage": "execution",
                "category": "permanent",
                "details": {"stack_trace": "line 1", "block_id": "calc"},
                "failing_step_id": "run_1_calc_0",
            },
            "timing": {
                "created_at": "2026-03-12T09:00:00Z",
                "started_at": "2026-03-12T09:00:00Z",
                "completed_at": "2026-03-12T09:00:03Z",
                "human_waiting_started_at": None,
                "accumulated_human_waiting_ms": 0,
                "duration_ms": 3000,
                "active_duration_ms": 3000,
            },
            "inputs": {
                "documents": {
                    "start": {"id": "file_1", "filename": "a.pdf", "mime_type": "application/pdf"}
                },
                "json_data": {},
            },
        }
    )


def test_a_failed_run_g2c() -> None:
    assert get("g2c", "/v1/workflows/runs/run_1") == snapshot(
        {
            "id": "run_1",
            "workflow": {
                "workflow_id": "wf_1",
                "version_id": "ver_1",
                "name_at_run_time": "Bills",
                "requested_version": "production",
            },
            "trigger": {"type": "email", "sender": "a@example.com", "subject": "Bill"},
            "lifecycle": {
                "status": "error",
                "message": "The rate is missing",
                "stage": "execution",
                "category": "permanent",
                "details": {"stack_trace": "line 1", "block_id": "calc"},
                "failing_step_id": "run_1_calc_0",
            },
            "timing": {
                "created_at": "2026-03-12T09:00:00Z",
                "started_at": "2026-03-12T09:00:00Z",
                "completed_at": "2026-03-12T09:00:03Z",
                "human_waiting_started_at": None,
                "accumulated_human_waiting_ms": 0,
            },
            "inputs": {
                "documents": {
                    "start": {"id": "file_1", "filename": "a.pdf", "mime_type": "application/pdf"}
                },
                "json_data": {},
            },
        }
    )


def test_a_failed_run_g3() -> None:
    assert get("g3", "/v1/workflows/runs/run_1") == snapshot(
        {
            "id": "run_1",
            "workflow_id": "wf_1",
            "workflow_version_id": "ver_1",
            "trigger": {"type": "email"},
            "lifecycle": {
                "status": "error",
                "message": "The rate is missing",
                "stage": "execution",
                "category": "permanent",
                "details": {
                    "message": "KeyError: 'rate'",
                    "stack_trace": "line 1",
                    "block_id": "calc",
                },
                "failing_step_id": "run_1_calc_0",
            },
            "timing": {
                "created_at": "2026-03-12T09:00:00Z",
                "started_at": "2026-03-12T09:00:00Z",
                "completed_at": "2026-03-12T09:00:03Z",
            },
            "inputs": {
                "documents": {
                    "start": {"id": "file_1", "filename": "a.pdf", "mime_type": "application/pdf"}
                },
                "json_data": {},
            },
            "metadata": {"tenant": "north"},
        }
    )


@pytest.mark.parametrize(
    ("generation", "status"),
    [("g1", "waiting_for_human"), ("g2a", "waiting_for_human")],
)
def test_a_run_that_waits_g1_and_g2a(generation: str, status: str) -> None:
    run = get(generation, "/v1/workflows/runs/run_2")
    word = "node" if generation == "g1" else "block"
    assert (run["status"], run[f"waiting_for_{word}_ids"]) == (status, ["read"])


@pytest.mark.parametrize(
    ("generation", "key", "status"),
    [
        ("g2b", "kind", "waiting_for_human"),
        ("g2c-bare", "status", "waiting_for_human"),
        ("g2c", "status", "waiting_for_human"),
        ("g2e", "status", "awaiting_review"),
        ("g3", "status", "awaiting_review"),
    ],
)
def test_a_run_that_waits(generation: str, key: str, status: str) -> None:
    run = get(generation, "/v1/workflows/runs/run_2")
    assert run["lifecycle"] == {key: status, "waiting_for_block_ids": ["read"]}


def test_a_cancelled_run_has_a_reason_from_g2b_on() -> None:
    assert get("g2b", "/v1/workflows/runs/run_3")["lifecycle"] == {
        "kind": "cancelled",
        "reason": "Sent twice",
    }
    assert "Sent twice" not in str(get("g2a", "/v1/workflows/runs/run_3"))


def test_metadata_came_with_g3() -> None:
    assert get("g3", "/v1/workflows/runs/run_1")["metadata"] == {"tenant": "north"}
    assert "metadata" not in get("g2e", "/v1/workflows/runs/run_1")


@pytest.mark.parametrize(
    ("generation", "word"), [("g1", "functions"), ("g2a", "function"), ("g3", "function")]
)
def test_the_word_for_a_function_block(generation: str, word: str) -> None:
    row = failed_row(generation)
    assert (row.get("node_type") or row.get("block_type")) == word


def test_a_skip_reason_is_in_the_output_of_g1() -> None:
    skipped = get("g1", NESTED)[-1]
    assert skipped["output"] == {
        "skipped": True,
        "reason": "Upstream step calc failed",
        "missing_input": None,
    }


def test_the_start_block_has_its_older_type() -> None:
    steps = get("g2c", "/v1/workflows/runs/run_2/steps")["data"]
    assert [step["block_type"] for step in steps] == ["start", "extract"]
    steps = get("g3", "/v1/workflows/steps?run_id=run_2")["data"]
    assert [step["block_type"] for step in steps] == ["start_document", "extract"]


def test_an_email_trigger_has_its_sender_until_g2c() -> None:
    assert get("g1", "/v1/workflows/runs/run_1")["trigger_email"] == "a@example.com"
    assert get("g2c", "/v1/workflows/runs/run_1")["trigger"] == {
        "type": "email",
        "sender": "a@example.com",
        "subject": "Bill",
    }
    assert get("g3", "/v1/workflows/runs/run_1")["trigger"] == {"type": "email"}
