"""The same facts as each generation of the API sends them, and arbitrary JSON."""

from typing import Any

from hypothesis import strategies as st

GENERATIONS = ("g1", "g2a", "g2b", "g2c", "g2d", "g2e", "g3")

# Lone surrogates are legal in JSON text, but a string with one cannot be encoded.
_TEXT = st.text(max_size=8) | st.sampled_from(["\ud800", "a\udfff", "2026-03-12T09:00:00Z"])
_SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | _TEXT
JSON = st.recursive(
    _SCALAR,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=8,
)


def failed_step(generation: str) -> dict[str, Any]:
    """The same failed step, second iteration of a loop, as each generation sends it."""
    said = {"message": "boom", "stage": "execution", "category": "transient"}
    details = {"stack_trace": "Traceback", "error_code": "E42", "context": {"page": 3}}
    place = {"container_id": "loop-1", "iteration": 2, "is_parallel": True}
    common: dict[str, object] = {
        "run_id": "run_1",
        "step_id": "mr1_iter_2_extract-1",
        "started_at": "2026-03-12T09:00:00Z",
        "completed_at": "2026-03-12T09:00:03Z",
        "created_at": None,
        "model": "retab-small",
        "handle_inputs": {"input-file-0": {"type": "file", "document": {"id": "file_1"}}},
        "handle_outputs": {},
        "retry_count": 1,
    }
    word = "node" if generation == "g1" else "block"
    common |= {f"{word}_id": "extract-1", f"{word}_type": "extract", f"{word}_label": "Extract"}
    flat_error: dict[str, object] = {
        "status": "error",
        "error": said["message"],
        "error_stage": said["stage"],
        "error_category": said["category"],
        "error_details": details,
        "iteration_context": {"containers": [place]},
    }
    if generation in ("g1", "g2a"):
        return common | flat_error
    common |= {"loop_containers": [place], "artifact": None}
    if generation == "g2b":
        terminal = {"kind": "error", **said, "details": details}
        return common | {"status": "error", "terminal": terminal, "duration_ms": None}
    return common | {"lifecycle": {"status": "error", **said, "details": details}}


def failed_run(generation: str) -> dict[str, Any]:
    """The same failed run as each generation sends it."""
    said = {"message": "boom", "stage": "execution", "category": "permanent"}
    file = {"id": "file_1", "filename": "invoice.pdf", "mime_type": "application/pdf"}
    times = {
        "created_at": "2026-03-12T09:00:00Z",
        "started_at": "2026-03-12T09:00:01Z",
        "completed_at": "2026-03-12T09:00:11Z",
    }
    if generation in ("g1", "g2a"):
        return _flat_failed_run(generation, said, file, times)
    inputs = {"documents": {"start-1": file}, "json_data": {"start-2": {"limit": 5}}}
    lifecycle = {"status": "error", **said, "failing_step_id": "extract-1"}
    run = {"id": "run_1", "trigger": {"type": "api"}, "timing": times, "inputs": inputs}
    workflow = {"workflow_id": "wf_1", "version_id": "ver_1"}
    named = {**workflow, "name_at_run_time": "Invoices", "requested_version": "production"}
    if generation == "g2b":
        lifecycle["kind"] = lifecycle.pop("status")
        timing = {**times, "duration_ms": 10_000, "active_duration_ms": 10_000}
        run |= {"workflow": named, "timing": timing}
    elif generation == "g2c":
        run |= {"workflow": named}
    elif generation == "g2d":
        run |= {"workflow": workflow}
    else:
        run |= {"workflow_id": "wf_1", "workflow_version_id": "ver_1"}
    if generation == "g3":
        run |= {"metadata": {"customer": "c-9"}}
    return {**run, "lifecycle": lifecycle}


def _flat_failed_run(
    generation: str, said: dict[str, str], file: dict[str, str], times: dict[str, str]
) -> dict[str, Any]:
    word = "node" if generation == "g1" else "block"
    step = {f"{word}_id": "extract-1", f"{word}_type": "extract", "status": "error"}
    return {
        **times,
        "id": "run_1",
        "workflow_id": "wf_1",
        "workflow_name": "Invoices",
        "organization_id": "org_1",
        "config_snapshot_id": "ver_1",
        "status": "error",
        "trigger_type": "api",
        "trigger_email": None,
        "duration_ms": 10_000,
        "steps": [{**step, "step_id": "extract-1", "error": said["message"]}],
        "input_documents": {"start-1": file},
        "input_json_data": {"start-2": {"limit": 5}},
        "final_outputs": None,
        "error": said["message"],
        "error_stage": said["stage"],
        "error_details": {"error_code": "E42"},
        "cost_summary": {"total": 0.5, "total_tokens": 1200},
        f"waiting_for_{word}_ids": [],
        f"executed_{word}_ids": ["start-1", "extract-1"],
    }
