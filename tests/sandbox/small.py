"""One small sample that has a bit of everything, and a client to ask a sandbox of it."""

from typing import Any

from starlette.testclient import TestClient

from retab_mcp.sandbox.app import SANDBOX_KEY, create_app
from retab_mcp.sandbox.generations import generation_named
from retab_mcp.sandbox.records import (
    Sample,
    SampleArtifact,
    SampleBlock,
    SampleEdge,
    SampleExperiment,
    SampleFailure,
    SampleJob,
    SampleLoop,
    SampleRef,
    SampleReview,
    SampleReviewVersion,
    SampleRun,
    SampleStep,
    after,
)

START = "2026-03-12T09:00:00Z"
PDF = {"id": "file_1", "filename": "a.pdf", "mime_type": "application/pdf"}
AUTHOR = {"kind": "model", "id": "retab-small", "display_name": "Model"}
SEED = "rvr_" + "A" * 26

FAILURE = SampleFailure(
    message="The rate is missing",
    stage="execution",
    category="permanent",
    details={"message": "KeyError: 'rate'", "stack_trace": "line 1", "block_id": "calc"},
)

STEPS = (
    SampleStep(
        step_id="run_1_never",
        block_id="never",
        type="merge_dicts",
        label="Merge",
        status="skipped",
        reason="Upstream step calc failed",
    ),
    SampleStep(
        step_id="run_1_read",
        block_id="read",
        type="extract",
        label="Read",
        started_at=START,
        completed_at=after(START, 1.25),
        model="retab-small",
        artifact=SampleRef(operation="extraction", id="extr_1"),
        handle_inputs={"input-file-0": {"type": "file", "document": PDF}},
        handle_outputs={"output-json-0": {"type": "json", "data": {"total": 3, "vat": None}}},
        cost=0.02,
        tokens=1000,
        credits=1.5,
        page_count=2,
    ),
    SampleStep(
        step_id="run_1_calc_0",
        block_id="calc",
        type="function",
        label="Calculate",
        status="error",
        started_at=after(START, 2),
        completed_at=after(START, 3),
        failure=FAILURE,
        retry_count=2,
        loops=(SampleLoop(container_id="each", iteration=0),),
        artifact=SampleRef(operation="function_invocation", id="fninv_1"),
    ),
)
ARTIFACTS = (
    SampleArtifact(
        operation="extraction",
        id="extr_1",
        created_at=after(START, 1.25),
        data={
            "file": PDF,
            "model": "retab-small",
            "json_schema": {"type": "object"},
            "n_consensus": 3,
            "output": {"total": 3, "vat": None},
            "consensus": {"choices": [{"total": 3}, {"total": 4}], "likelihoods": {"total": 0.66}},
        },
    ),
    SampleArtifact(
        operation="function_invocation",
        id="fninv_1",
        created_at=after(START, 3),
        failure=FAILURE,
        data={"inputs": {"total": 3}, "output": None, "duration_ms": 12},
    ),
)
FAILED = SampleRun(
    id="run_1",
    workflow_id="wf_1",
    workflow_name="Bills",
    workflow_version_id="ver_1",
    status="error",
    created_at=START,
    started_at=START,
    completed_at=after(START, 3),
    trigger={"type": "email", "sender": "a@example.com", "subject": "Bill"},
    failure=FAILURE,
    failing_step_id="run_1_calc_0",
    documents={"start": PDF},
    metadata={"tenant": "north"},
    steps=lambda: STEPS,
    artifacts=lambda: ARTIFACTS,
    blocks=(
        SampleBlock(id="read", type="extract", label="Read"),
        SampleBlock(id="calc", type="function", label="Calculate"),
    ),
    edges=(
        SampleEdge(
            id="edge_1",
            source="read",
            source_handle="output-json-0",
            target="calc",
            target_handle="input-json-0",
        ),
    ),
)
WAITING = SampleRun(
    id="run_2",
    workflow_id="wf_1",
    workflow_name="Bills",
    workflow_version_id="ver_2",
    status="awaiting_review",
    created_at=after(START, 3600),
    started_at=after(START, 3600),
    waiting_for_block_ids=("read",),
    review_waiting_since=after(START, 3605),
    steps=(
        SampleStep(
            step_id="run_2_start",
            block_id="start",
            type="start_document",
            label="Start",
            started_at=after(START, 3600),
            completed_at=after(START, 3600),
        ),
        SampleStep(
            step_id="run_2_read",
            block_id="read",
            type="extract",
            label="Read",
            status="awaiting_review",
            started_at=after(START, 3601),
            artifact=SampleRef(operation="review_trigger_evaluation", id="heval_1"),
        ),
    ),
    artifacts=(
        SampleArtifact(
            operation="review_trigger_evaluation",
            id="heval_1",
            created_at=after(START, 3605),
            data={
                "requires_human_review": True,
                "evaluations": [
                    {
                        "condition_id": "c1",
                        "path": "total",
                        "operator": "exists",
                        "matched": True,
                        "items": [{"index": 0, "actual": 3, "matched": True}],
                        "details": {"path": "total", "items": [], "matched": True},
                    }
                ],
            },
        ),
    ),
    reviews=(
        SampleReview(
            id="rev_1",
            block_id="read",
            step_id="run_2_read",
            created_at=after(START, 3605),
            versions=(
                SampleReviewVersion(
                    id=SEED, created_at=after(START, 3605), author=AUTHOR, snapshot={"total": 3}
                ),
            ),
        ),
    ),
    blocks=(SampleBlock(id="read", type="extract", label="Read", config={"model": "x"}),),
)
CANCELLED = SampleRun(
    id="run_3",
    workflow_id="wf_1",
    workflow_name="Bills",
    workflow_version_id="ver_1",
    status="cancelled",
    created_at=after(START, 7200),
    completed_at=after(START, 7201),
    trigger={"type": "api"},
    reason="Sent twice",
    reviews=(
        SampleReview(
            id="rev_2",
            block_id="read",
            step_id="run_3_read",
            created_at=START,
            decision={
                "verdict": "rejected",
                "version_id": SEED.replace("A", "B"),
                "author": {"kind": "human", "id": "user_1", "display_name": "Reviewer"},
                "created_at": after(START, 9),
                "reason": "Unreadable",
            },
            versions=(
                SampleReviewVersion(
                    id=SEED.replace("A", "B"), created_at=START, author=AUTHOR, snapshot={}
                ),
            ),
        ),
    ),
)
EXPERIMENT = SampleExperiment(
    id="exp_1",
    name="Two bills",
    workflow_id="wf_1",
    workflow_version_id="ver_1",
    block_id="read",
    block_type="extract",
    run_id="exprun_1",
    status="completed",
    created_at=START,
    started_at=START,
    completed_at=after(START, 9),
    score=0.66,
    jobs=(
        SampleJob(
            id="expresult_1",
            document_id="expdoc_1",
            filename="a.pdf",
            status="completed",
            created_at=START,
            started_at=START,
            completed_at=after(START, 4),
            handle_inputs={"input-document-0": {"type": "file", "document": PDF}},
            handle_outputs={"output-json-0": {"type": "json", "data": {"total": 3}}},
            artifact=SampleRef(operation="extraction", id="extr_2"),
            score=0.66,
        ),
        SampleJob(
            id="expresult_2",
            document_id="expdoc_2",
            filename="b.pdf",
            status="error",
            created_at=after(START, 1),
            started_at=after(START, 1),
            completed_at=after(START, 5),
            failure=FAILURE,
            attempt=1,
        ),
    ),
    artifacts=(
        SampleArtifact(
            operation="extraction", id="extr_2", created_at=START, data=ARTIFACTS[0].data
        ),
    ),
)
SMALL = Sample(
    name="small",
    title="A bill fails, another one waits, a third is called off.",
    runs=(FAILED, WAITING, CANCELLED),
    experiments=(EXPERIMENT,),
)


def headers(generation: str, key: str = SANDBOX_KEY) -> dict[str, str]:
    """The credential as the generation wants it."""
    return generation_named(generation).headers(key)


def client(generation: str, *samples: Sample) -> TestClient:
    """A client of a sandbox that serves the samples, by default the small one."""
    app = create_app(generation, samples or (SMALL,))
    return TestClient(app, headers=headers(generation))


def get(generation: str, path: str) -> Any:
    """The JSON of a 200 answer from a sandbox of the small sample."""
    response = client(generation).get(path)
    assert response.status_code == 200, response.text
    return response.json()


def refusal(generation: str, path: str) -> tuple[int, Any]:
    """Status and detail of an answer that is not a 200."""
    response = client(generation).get(path)
    assert response.status_code != 200
    return response.status_code, response.json()["detail"]
