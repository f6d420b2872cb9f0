"""One small sample with a record of every kind, and a client of a sandbox that serves it."""

from dataclasses import replace
from typing import Any

from starlette.testclient import TestClient

from retab_mcp.sandbox.app import SANDBOX_KEY, create_app
from retab_mcp.sandbox.builder.artifacts import function
from retab_mcp.sandbox.builder.graph import Workflow, block, edge, file_handle, json_handle
from retab_mcp.sandbox.builder.run import RunBuilder, turn
from retab_mcp.sandbox.generations import generation_named
from retab_mcp.sandbox.records import (
    Sample,
    SampleArtifact,
    SampleExperiment,
    SampleFailure,
    SampleJob,
    SampleRef,
    SampleReview,
    SampleReviewVersion,
    SampleRun,
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

EXTRACTION = {
    "file": PDF,
    "model": "retab-small",
    "json_schema": {"type": "object"},
    "n_consensus": 3,
    "output": {"total": 3, "vat": None},
    "consensus": {"choices": [{"total": 3}, {"total": 4}], "likelihoods": {"total": 0.66}},
}
READ = block("read", "extract", "Read")
CALC = block("calc", "function", "Calculate")
EDGE = replace(edge("read", "calc"), id="edge_1")
# The graph that the failed run shows, and the one with all blocks that have steps.
BILLS = Workflow("bills", "Bills", (READ, CALC), (EDGE,))
STEPS_OF = Workflow(
    "bills",
    "Bills",
    (
        READ,
        CALC,
        block("start", "start_document", "Start"),
        block("never", "merge_dicts", "Merge"),
    ),
    (EDGE,),
)
IDS: dict[str, Any] = {"workflow_id": "wf_1", "workflow_version_id": "ver_1"}


def _begin(number: int, hours: int) -> RunBuilder:
    build = RunBuilder("small", STEPS_OF, after(START, 3600 * hours), run_id=f"run_{number}")
    build.now = 0
    return build


def _failed() -> SampleRun:
    build = _begin(1, 0)
    build.unreached("never", "skipped", "Upstream step calc failed", created_at=None)
    extraction = build.artifact(
        "extraction", "read", EXTRACTION, id="extr_1", created_at=after(START, 1.25)
    )
    build.step(
        "read",
        1.25,
        inputs={"input-file-0": file_handle(PDF)},
        outputs={"output-json-0": json_handle({"total": 3, "vat": None})},
        artifact=extraction,
        model="retab-small",
        cost=0.02,
        tokens=1000,
        credits=1.5,
        page_count=2,
    )
    build.now = 2
    invocation = build.artifact(
        "function_invocation",
        "calc",
        function({"total": 3}, None, 12),
        id="fninv_1",
        created_at=after(START, 3),
        failure=FAILURE,
    )
    calc = build.fail(
        "calc",
        FAILURE,
        1,
        step_id="run_1_calc_0",
        inputs={},
        loops=(turn("each", 0),),
        artifact=invocation,
        retry_count=2,
    )
    run = build.failed(
        calc,
        3,
        **IDS,
        started_at=START,
        completed_at=after(START, 3),
        trigger={"type": "email", "sender": "a@example.com", "subject": "Bill"},
        documents={"start": PDF},
        metadata={"tenant": "north"},
        blocks=BILLS.blocks,
    )
    return replace(run, steps=lambda: tuple(build.steps), artifacts=lambda: tuple(build.artifacts))


def _waiting() -> SampleRun:
    build = _begin(2, 1)
    build.step("start", 0)
    build.now = 1
    compared = {"path": "total", "items": [], "matched": True}
    evaluation = {
        "condition_id": "c1",
        "path": "total",
        "operator": "exists",
        "matched": True,
        "items": [{"index": 0, "actual": 3, "matched": True}],
        "details": compared,
    }
    since = after(START, 3605)
    review = build.artifact(
        "review_trigger_evaluation",
        "read",
        {"requires_human_review": True, "evaluations": [evaluation]},
        id="heval_1",
        created_at=since,
    )
    build.begin("read", "awaiting_review", handle_inputs={}, artifact=review)
    first = SampleReviewVersion(id=SEED, created_at=since, author=AUTHOR, snapshot={"total": 3})
    return build.run(
        "awaiting_review",
        workflow_id="wf_1",
        workflow_version_id="ver_2",
        started_at=after(START, 3600),
        waiting_for_block_ids=("read",),
        review_waiting_since=since,
        reviews=(
            SampleReview(
                id="rev_1",
                block_id="read",
                step_id="run_2_read",
                created_at=since,
                versions=(first,),
            ),
        ),
        blocks=(replace(READ, config={"model": "x"}),),
        edges=(),
    )


def _cancelled() -> SampleRun:
    seed = SEED.replace("A", "B")
    first = SampleReviewVersion(id=seed, created_at=START, author=AUTHOR, snapshot={})
    review = SampleReview(
        id="rev_2",
        block_id="read",
        step_id="run_3_read",
        created_at=START,
        decision={
            "verdict": "rejected",
            "version_id": seed,
            "author": {"kind": "human", "id": "user_1", "display_name": "Reviewer"},
            "created_at": after(START, 9),
            "reason": "Unreadable",
        },
        versions=(first,),
    )
    return _begin(3, 2).run(
        "cancelled",
        **IDS,
        started_at=None,
        completed_at=after(START, 7201),
        reason="Sent twice",
        reviews=(review,),
        blocks=(),
        edges=(),
    )


FAILED, WAITING, CANCELLED = _failed(), _waiting(), _cancelled()
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
        SampleArtifact(operation="extraction", id="extr_2", created_at=START, data=EXTRACTION),
    ),
)
SMALL = Sample(
    name="small",
    title="A bill fails, another one waits, a third is called off.",
    runs=(FAILED, WAITING, CANCELLED),
    experiments=(EXPERIMENT,),
)


def headers(generation: str, key: str = SANDBOX_KEY) -> dict[str, str]:
    """Return the header with the credential, in the form of the generation."""
    return generation_named(generation).headers(key)


def client(generation: str, *samples: Sample) -> TestClient:
    """Return a client of a sandbox that serves the samples, by default the small one."""
    app = create_app(generation, samples or (SMALL,))
    return TestClient(app, headers=headers(generation))


def get(generation: str, path: str) -> Any:
    """Return the JSON of a 200 answer from a sandbox of the small sample."""
    response = client(generation).get(path)
    assert response.status_code == 200, response.text
    return response.json()


def refusal(generation: str, path: str) -> tuple[int, Any]:
    """Return status and detail of an answer that is not a 200."""
    response = client(generation).get(path)
    assert response.status_code != 200
    return response.status_code, response.json()["detail"]
