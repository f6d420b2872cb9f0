"""Every tool in every generation: success, a failure, not found, unauthorised.

From HTTP bytes to the text of the answer. Impossible cells are listed below with their reasons;
nothing else is left out.
"""

from typing import Any

import pytest

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.generations import GENERATIONS
from retab_mcp.sandbox.records import SampleRun, resolve
from tests.samples import all_samples
from tests.support.asking import asking

Case = tuple[str, dict[str, Any]]

# Tool, outcome -> generations in which it cannot occur, and why.
NOT_POSSIBLE = {
    ("get_experiment_job", "success"): ({"g1"}, "experiments came with g2a"),
    ("get_experiment_job", "failed"): ({"g1"}, "experiments came with g2a"),
    ("get_experiment_job", "unauthorised"): ({"g1"}, "a server without the route asks for no key"),
    ("get_artifact", "failed"): (
        {"g1", "g2a"},
        "only primitives can be read there, which say nothing of a failure",
    ),
}

SAMPLES = {sample.name: sample for sample in all_samples()}
COMPLETED = SAMPLES["invoice-completed"].runs[0]
FAILED = SAMPLES["invoice-schema"].runs[0]
CALL_FAILED = SAMPLES["erp-unavailable"].runs[0]
EXPERIMENT = SAMPLES["experiment-failed-job"].experiments[0]


def step_with(run: SampleRun, status: str, operation: str = "extraction") -> Any:
    return next(
        step
        for step in resolve(run.steps)
        if step.status == status and step.artifact and step.artifact.operation == operation
    )


def job_arguments(status: str) -> dict[str, Any]:
    job = next(job for job in EXPERIMENT.jobs if job.status == status)
    return {
        "run_id": EXPERIMENT.run_id,
        "document_id": job.document_id,
        "workflow_id": EXPERIMENT.workflow_id,
        "experiment_id": EXPERIMENT.id,
    }


def artifact_arguments(run: SampleRun, status: str, operation: str) -> dict[str, Any]:
    ref = step_with(run, status, operation).artifact
    return {"artifact_id": ref.id, "operation": ref.operation}


def trace_arguments(run: SampleRun, status: str) -> dict[str, Any]:
    step = step_with(run, status)
    handle = next(iter(resolve(step.handle_inputs)))
    return {"run_id": run.id, "step_id": step.step_id, "path": f"/handle_inputs/{handle}"}


SUCCESS: dict[str, dict[str, Any]] = {
    "get_run": {"run_id": COMPLETED.id},
    "list_steps": {"run_id": COMPLETED.id},
    "get_step": {
        "run_id": COMPLETED.id,
        "step_id": step_with(COMPLETED, "completed").step_id,
    },
    "get_experiment_job": job_arguments("completed"),
    "get_artifact": artifact_arguments(COMPLETED, "completed", "extraction"),
    "trace_value": trace_arguments(COMPLETED, "completed"),
}
FAILURE: dict[str, dict[str, Any]] = {
    "get_run": {"run_id": FAILED.id},
    "list_steps": {"run_id": FAILED.id},
    "get_step": {"run_id": FAILED.id, "step_id": step_with(FAILED, "error").step_id},
    "get_experiment_job": job_arguments("error"),
    "get_artifact": artifact_arguments(CALL_FAILED, "error", "api_call_invocation"),
    "trace_value": trace_arguments(FAILED, "error"),
}
MISSING: dict[str, dict[str, Any]] = {
    "get_run": {"run_id": "run_000000000000000000000"},
    "list_steps": {"run_id": "run_000000000000000000000"},
    "get_step": {"run_id": COMPLETED.id, "step_id": "no-such-step"},
    "get_experiment_job": job_arguments("error") | {"document_id": "expdoc_000000000000000000000"},
    "get_artifact": {"artifact_id": "extr_000000000000000000000", "operation": "extraction"},
    "trace_value": {"run_id": COMPLETED.id, "step_id": "no-such-step", "path": "/label"},
}
TOOLS = tuple(SUCCESS)


def skip_what_cannot_be(tool: str, outcome: str, generation: str) -> None:
    generations, reason = NOT_POSSIBLE.get((tool, outcome), (set(), ""))
    if generation in generations:
        pytest.skip(reason)


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_success(tool: str, generation: str, mode: Any) -> None:
    skip_what_cannot_be(tool, "success", generation)
    async with asking(create_app(generation, all_samples()), mode=mode) as asker:
        answer = await asker.ask(tool, **SUCCESS[tool])
    if tool == "trace_value":
        assert answer["origin"]["kind"] == "run_input"
    # An extraction has had a status only since the end of May 2026.
    elif tool != "get_artifact" or generation in ("g2e", "g3"):
        assert answer["status"] == "completed"
    if tool == "get_artifact":
        assert answer["operation"] == "extraction"
        assert answer["summary"]["output"]["invoice_number"]
    assert "cause" not in answer
    assert "error" not in answer


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("tool", TOOLS)
async def test_failed(tool: str, generation: str) -> None:
    skip_what_cannot_be(tool, "failed", generation)
    async with asking(create_app(generation, all_samples())) as asker:
        answer = await asker.ask(tool, **FAILURE[tool])
    if tool == "list_steps":
        (row,) = [row for row in answer["rows"] if row["status"] == "error"]
        assert row["message"].startswith("Extraction output does not match the schema")
    elif tool == "get_artifact":
        # The record of an API call has no status of its own.
        assert answer["cause"]["message"].startswith("API call failed after 3 attempts: 503")
    elif tool == "trace_value":
        assert answer["origin"]["kind"] == "run_input"
    else:
        assert answer["status"] == "error"
        assert answer["cause"]["message"]


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("tool", TOOLS)
async def test_not_found(tool: str, generation: str) -> None:
    async with asking(create_app(generation, all_samples())) as asker:
        answer = await asker.refused(tool, **MISSING[tool])
    if tool == "get_experiment_job" and generation == "g1":
        assert answer["kind"] == "unsupported"
        return
    assert answer["kind"] == "not_found"
    assert answer["retryable"] is False
    assert answer["hint"]
    if tool == "get_step":
        assert "extract-invoice" in answer["blocks"]


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("tool", TOOLS)
async def test_unauthorised(tool: str, generation: str) -> None:
    skip_what_cannot_be(tool, "unauthorised", generation)
    wrong = "rt_" + "live_" + "0123456789abcdef0123"
    async with asking(create_app(generation, all_samples()), key=wrong) as asker:
        answer = await asker.refused(tool, **SUCCESS[tool])
    assert answer["kind"] == "unauthorized"
    assert answer["status"] == 401
    assert answer["request_id"].startswith("req_")
    assert wrong not in str(answer)
