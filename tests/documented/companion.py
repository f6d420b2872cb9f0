"""The run and the experiment of the documented examples, as a sample."""

from retab_mcp.sandbox.records import (
    Json,
    Sample,
    SampleArtifact,
    SampleExperiment,
    SampleJob,
    SampleRef,
    SampleRun,
    SampleStep,
)

_START = "2026-03-12T09:00:00Z"
_EXTRACTED = "2026-03-12T09:00:03Z"
_END = "2026-03-12T09:00:04Z"

_INVOICE = {"id": "file_123", "filename": "invoice.pdf", "mime_type": "application/pdf"}
_FIRST_PAGE = {"id": "file_456", "filename": "invoice_page_1.pdf", "mime_type": "application/pdf"}
_FIELDS: dict[str, Json] = {"invoice_number": "INV-2024-001", "total_amount": 1234.56}


def companion(generation: str) -> Sample:
    """Return the sample behind the examples, with the ids that the examples of `generation` use."""
    return Sample(
        name="documented",
        title="An invoice is extracted and split, and an experiment tried on it.",
        runs=(_run(generation),),
        experiments=(_experiment(),),
    )


def _run(generation: str) -> SampleRun:
    word = "node" if generation == "g1" else "block"
    # Only the page of g2a shows a third field.
    fields = _FIELDS | {"vendor_name": "Acme Corp"} if generation == "g2a" else _FIELDS
    # Handles of g1 kept the case of the label.
    file_handle = "output-file-Invoice" if generation == "g1" else "output-file-invoice"
    return SampleRun(
        id="run_abc123xyz",
        workflow_id="wf_abc123xyz",
        workflow_name="Invoice Processing",
        workflow_version_id="ver_abc123",
        status="completed",
        created_at=_START,
        started_at=_START,
        completed_at=_END,
        documents={f"start-{word}-1": _INVOICE},
        steps=(_extract(f"extract-{word}-1", fields), _split(f"split-{word}-1", file_handle)),
        artifacts=(_extraction("ext_abc123"), _split_record()),
    )


def _extract(block_id: str, fields: dict[str, Json]) -> SampleStep:
    return SampleStep(
        step_id=block_id,
        block_id=block_id,
        type="extract",
        label="Extract Invoice",
        started_at=_START,
        completed_at=_EXTRACTED,
        artifact=SampleRef(operation="extraction", id="ext_abc123"),
        handle_inputs={"input-file-0": _file(_INVOICE)},
        handle_outputs={"output-json-0": {"type": "json", "data": fields}},
        output=fields,
    )


def _split(block_id: str, file_handle: str) -> SampleStep:
    return SampleStep(
        step_id=block_id,
        block_id=block_id,
        type="split",
        label="Split Documents",
        started_at=_EXTRACTED,
        completed_at=_END,
        artifact=SampleRef(operation="split", id="spl_def456"),
        handle_inputs={"input-file-0": _file(_INVOICE)},
        handle_outputs={file_handle: _file(_FIRST_PAGE)},
    )


def _file(document: dict[str, str]) -> dict[str, Json]:
    return {"type": "file", "document": document}


def _extraction(artifact_id: str) -> SampleArtifact:
    schema = {
        "type": "object",
        "properties": {
            "invoice_number": {"type": "string"},
            "total_amount": {"type": "number"},
        },
    }
    return SampleArtifact(
        operation="extraction",
        id=artifact_id,
        created_at=_EXTRACTED,
        data={"file": _INVOICE, "model": "retab-small", "json_schema": schema, "output": _FIELDS},
    )


def _split_record() -> SampleArtifact:
    return SampleArtifact(
        operation="split",
        id="spl_def456",
        created_at=_END,
        data={
            "file": _INVOICE,
            "model": "retab-small",
            "subdocuments": [{"name": "invoice", "description": "An invoice"}],
            "output": [{"name": "invoice", "pages": [1]}],
        },
    )


def _experiment() -> SampleExperiment:
    return SampleExperiment(
        id="exp_abc",
        name="Quarterly invoices",
        workflow_id="wf_abc123",
        workflow_version_id="ver_abc123",
        block_id="extract-block-1",
        block_type="extract",
        run_id="exprun_1",
        status="completed",
        created_at="2026-05-02T11:00:00Z",
        started_at="2026-05-02T11:00:01Z",
        completed_at="2026-05-02T11:00:05Z",
        jobs=(_job(),),
        artifacts=(_extraction("ext_xyz"),),
    )


def _job() -> SampleJob:
    document = {"id": "file_q1", "filename": "invoice_q1.pdf", "mime_type": "application/pdf"}
    return SampleJob(
        id="expjob_1",
        document_id="expdoc_xyz",
        filename="invoice_q1.pdf",
        status="completed",
        created_at="2026-05-02T11:00:00Z",
        started_at="2026-05-02T11:00:01Z",
        completed_at="2026-05-02T11:00:05Z",
        handle_inputs={"input-document-0": _file(document)},
        artifact=SampleRef(operation="extraction", id="ext_xyz"),
    )
