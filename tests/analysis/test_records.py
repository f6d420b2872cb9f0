"""The records that answers show, paths read and searches look through."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from retab_mcp.analysis.records import (
    artifact_record,
    cause_record,
    job_record,
    searched_in_artifact,
    searched_in_step,
    step_record,
    to_iso_time,
)
from retab_mcp.models import (
    Artifact,
    ArtifactRef,
    ErrorDetails,
    ExperimentJob,
    Failure,
    LoopPosition,
    Step,
    StepPayload,
    StepSummary,
)

AT = datetime(2026, 9, 2, 6, 30, tzinfo=UTC)
FAILED = Failure(message="refused", stage="execution", category="permanent")
CAUSE = {"message": "refused", "stage": "execution", "category": "permanent"}
FULL = Step(
    summary=StepSummary(
        run_id="run_1",
        step_id="run_1_book",
        block_id="book",
        type="api_call",
        label="Book it",
        status="error",
        created_at=AT,
        started_at=AT + timedelta(seconds=1),
        completed_at=AT + timedelta(seconds=3.5),
        failure=FAILED,
        reason="why",
        retry_count=2,
        loops=(LoopPosition(container_id="each", iteration=3),),
        model="m",
        artifact=ArtifactRef(operation="extraction", id="extr_1"),
        cost=0.25,
        tokens=7,
    ),
    payload=StepPayload({"in": 1}, {"out": 2}, {"stdout": "x"}),
)


def test_the_record_of_a_step_has_what_is_known_of_it() -> None:
    assert step_record(FULL) == {
        "run_id": "run_1",
        "step_id": "book",
        "block_id": "book",
        "type": "api_call",
        "label": "Book it",
        "status": "error",
        "created_at": "2026-09-02T06:30:00Z",
        "started_at": "2026-09-02T06:30:01Z",
        "completed_at": "2026-09-02T06:30:03.500Z",
        "duration_ms": 2500,
        "retries": 2,
        "model": "m",
        "cost_usd": 0.25,
        "tokens": 7,
        "reason": "why",
        "artifact": {"operation": "extraction", "id": "extr_1"},
        "output": {"stdout": "x"},
        "loop": [{"container_id": "each", "iteration": 3, "is_parallel": False}],
        "cause": CAUSE,
        "handle_inputs": {"in": 1},
        "handle_outputs": {"out": 2},
    }


def test_the_record_of_a_step_leaves_out_what_is_unknown() -> None:
    bare = StepSummary(run_id="run_1", step_id="s", block_id="b", status="pending")
    assert step_record(Step(summary=bare, payload=StepPayload())) == {
        "run_id": "run_1",
        "step_id": "s",
        "block_id": "b",
        "status": "pending",
        "retries": 0,
        "loop": [],
        "cause": None,
        "handle_inputs": {},
        "handle_outputs": {},
    }


def test_a_search_in_a_step_reads_its_data_and_its_error() -> None:
    assert searched_in_step(FULL) == {
        "handle_inputs": {"in": 1},
        "handle_outputs": {"out": 2},
        "output": {"stdout": "x"},
        "cause": CAUSE,
        "reason": "why",
    }


def test_the_record_of_an_artifact_is_its_data_in_the_form_of_answers() -> None:
    artifact = Artifact(
        id="extr_1",
        operation="extraction",
        status="error",
        run_id="run_1",
        step_id="run_1_read",
        created_at=AT,
        failure=FAILED,
        data={"output": {"a": 1}, "status": "FAILED", "created_at": "raw"},
    )
    own = {"output": {"a": 1}, "status": "error", "created_at": "2026-09-02T06:30:00Z"}
    assert searched_in_artifact(artifact) == own
    assert artifact_record(artifact) == own | {
        "artifact_id": "extr_1",
        "operation": "extraction",
        "run_id": "run_1",
        "step_id": "read",
        "cause": CAUSE,
    }
    without_run = artifact.model_copy(update={"run_id": None})
    assert artifact_record(without_run)["step_id"] == "run_1_read"


def test_the_record_of_a_job_counts_attempts_from_one_and_leaves_out_the_first() -> None:
    job = ExperimentJob(
        id="job_1",
        run_id="exprun_1",
        experiment_id="exp_1",
        document_id="doc_1",
        workflow_id="wf_1",
        status="error",
        type="extract",
        failure=FAILED,
        reason="why",
        attempt=1,
        is_placeholder=True,
        created_at=AT,
        started_at=AT,
        completed_at=AT + timedelta(seconds=2),
        artifact=ArtifactRef(id="extr_1"),
        handle_inputs={"in": 1},
        handle_outputs={"out": 2},
    )
    assert job_record(job) == {
        "run_id": "exprun_1",
        "document_id": "doc_1",
        "job_id": "job_1",
        "status": "error",
        "experiment_id": "exp_1",
        "workflow_id": "wf_1",
        "type": "extract",
        "attempt": 2,
        "placeholder": True,
        "created_at": "2026-09-02T06:30:00Z",
        "started_at": "2026-09-02T06:30:00Z",
        "completed_at": "2026-09-02T06:30:02Z",
        "duration_ms": 2000,
        "reason": "why",
        "artifact": {"id": "extr_1"},
        "cause": CAUSE,
        "handle_inputs": {"in": 1},
        "handle_outputs": {"out": 2},
    }
    assert "attempt" not in job_record(job.model_copy(update={"attempt": 0}))


def test_a_cause_does_not_repeat_the_message_or_the_block() -> None:
    details = ErrorDetails(
        message="refused", block_id="book", block_name="Book it", error_code="E7"
    )
    failure = Failure(message="refused", details=details)
    assert cause_record(failure, "book") == {"message": "refused", "details": {"error_code": "E7"}}
    assert cause_record(failure, "other") == {
        "message": "refused",
        "details": {"block_id": "book", "block_name": "Book it", "error_code": "E7"},
    }
    other = Failure(message="failed", details=ErrorDetails(message="refused"))
    assert cause_record(other) == {"message": "failed", "details": {"message": "refused"}}
    assert cause_record(Failure()) == {}
    assert cause_record(None) is None


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (AT, "2026-09-02T06:30:00Z"),
        (AT.replace(microsecond=120_000), "2026-09-02T06:30:00.120Z"),
        (AT.astimezone(timezone(timedelta(hours=2))), "2026-09-02T06:30:00Z"),
    ],
)
def test_times_are_in_utc_with_milliseconds_only_if_there_are_any(
    moment: datetime, text: str
) -> None:
    assert to_iso_time(moment) == text
