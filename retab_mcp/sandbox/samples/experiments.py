"""An experiment on three documents, one of which failed."""

from retab_mcp.sandbox.ids import identifier
from retab_mcp.sandbox.records import (
    GENERATIONS,
    Json,
    Sample,
    SampleArtifact,
    SampleExperiment,
    SampleFailure,
    SampleJob,
    SampleRef,
    after,
)
from retab_mcp.sandbox.samples.draft import document, file_handle, json_handle
from retab_mcp.sandbox.samples.invoices import INTAKE, INVOICE_SCHEMA
from retab_mcp.sandbox.samples.primitives import extraction

STARTED_AT = "2026-08-18T12:00:00Z"
EXPERIMENT_ID = identifier("exp", "invoice-consensus")
RUN_ID = identifier("exprun", "invoice-consensus")
EMPTY_MESSAGE = "Could not read document: it has no pages"


def _completed_job(
    name: str, begun: float, seconds: float, score: float, total: float
) -> tuple[SampleJob, SampleArtifact]:
    stored = document(f"{name}.pdf")
    data: dict[str, Json] = {
        "invoice_number": name,
        "issue_date": "2026-06-30",
        "vendor_name": "Acme Corp",
        "currency": "EUR",
        "total_amount": total,
        "lines": [],
    }
    likelihoods = {"invoice_number": 1.0, "total_amount": score}
    ref = SampleRef(operation="extraction", id=identifier("extr", f"experiment/{name}"))
    artifact = SampleArtifact(
        operation=ref.operation,
        id=ref.id,
        data=extraction(
            stored, INVOICE_SCHEMA, data, likelihoods=likelihoods, choices=[data] * 3, credits=3.0
        ),
        created_at=after(STARTED_AT, begun + seconds),
    )
    job = SampleJob(
        id=identifier("expjob", name),
        document_id=identifier("expdoc", name),
        filename=stored["filename"],
        status="completed",
        created_at=STARTED_AT,
        started_at=after(STARTED_AT, begun),
        completed_at=after(STARTED_AT, begun + seconds),
        handle_inputs={"input-file-0": file_handle(stored)},
        handle_outputs={"output-json-0": json_handle(data)},
        artifact=ref,
        score=score,
    )
    return job, artifact


def failed_job() -> Sample:
    """Two documents with their scores, and an empty one that failed at its second attempt."""
    good, good_artifact = _completed_job("INV-2026-0388", 0.5, 4.12, 0.97, 812.45)
    doubtful, doubtful_artifact = _completed_job("INV-2026-0391", 0.6, 5.4, 0.52, 96.3)
    empty = document("INV-2026-0402.pdf")
    failed = SampleJob(
        id=identifier("expjob", "INV-2026-0402"),
        document_id=identifier("expdoc", "INV-2026-0402"),
        filename=empty["filename"],
        status="error",
        created_at=STARTED_AT,
        started_at=after(STARTED_AT, 0.7),
        completed_at=after(STARTED_AT, 2.2),
        failure=SampleFailure(
            message=EMPTY_MESSAGE,
            details={"message": EMPTY_MESSAGE, "error_code": "empty_document"},
        ),
        attempt=1,
        handle_inputs={"input-file-0": file_handle(empty)},
    )
    experiment = SampleExperiment(
        id=EXPERIMENT_ID,
        name="Three votes instead of one",
        workflow_id=INTAKE.id,
        workflow_version_id=INTAKE.version_id,
        block_id="extract-invoice",
        block_type="extract",
        run_id=RUN_ID,
        status="completed",
        created_at=STARTED_AT,
        started_at=after(STARTED_AT, 0.4),
        completed_at=after(STARTED_AT, 6.5),
        score=0.745,
        jobs=(good, doubtful, failed),
        artifacts=(good_artifact, doubtful_artifact),
    )
    assert doubtful.artifact is not None
    return Sample(
        name="experiment-failed-job",
        title="An experiment on three invoices, one of them an empty document",
        experiments=(experiment,),
        generations=GENERATIONS[1:],
    )


def samples() -> tuple[Sample, ...]:
    """Return the samples of this file."""
    return (failed_job(),)
