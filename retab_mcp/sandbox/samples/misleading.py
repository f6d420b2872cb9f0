"""Runs whose own hint misleads: failing_step_id null or wrong, fall-out listed before its cause."""

from retab_mcp.sandbox.records import Json, Sample, SampleFailure
from retab_mcp.sandbox.samples.draft import (
    MODEL,
    Flow,
    RunDraft,
    block,
    document,
    edge,
    file_handle,
    json_handle,
)
from retab_mcp.sandbox.samples.primitives import NUMBER, TEXT, extraction, object_schema

CREDIT = Flow(
    slug="credit-file",
    name="Credit file",
    blocks=(
        block("start-accounts", "start_document", "Annual accounts"),
        block("start-application", "start_document", "Application form"),
        block("extract-accounts", "extract", "Extract annual accounts", model=MODEL),
        block("extract-application", "extract", "Extract application", model=MODEL),
        block("merge-file", "merge_dicts", "Merge credit file"),
        block("score-file", "function", "Score"),
        block("send-score", "api_call", "Send score", method="POST"),
    ),
    edges=(
        edge("start-accounts", "extract-accounts", kind="file"),
        edge("start-application", "extract-application", kind="file"),
        edge("extract-accounts", "merge-file", into="0"),
        edge("extract-application", "merge-file", into="1"),
        edge("merge-file", "score-file"),
        edge("score-file", "send-score"),
    ),
)
CORRUPT = "Could not read document: the PDF is damaged (no cross-reference table)"


def _missing(handle: str) -> SampleFailure:
    return SampleFailure(
        message=f"Missing required input '{handle}'", stage="input_collection", category="permanent"
    )


def _begin(draft: RunDraft, name: str) -> tuple[dict[str, str], dict[str, str]]:
    """Draft both starts and the extraction that works; return the two documents."""
    accounts, application = document(f"accounts-{name}.pdf"), document(f"application-{name}.pdf")
    draft.step("start-accounts", 0.1, outputs={"output-file-0": file_handle(accounts)})
    draft.step("start-application", 0.1, outputs={"output-file-0": file_handle(application)})
    data = {"applicant": "Fabrikam Energy", "amount": 250_000.5}
    schema = object_schema(("applicant", "amount"), applicant=TEXT, amount=NUMBER)
    draft.step(
        "extract-application",
        3.0,
        outputs={"output-json-0": json_handle(data)},
        artifact=draft.artifact(
            "extraction", "extract-application", extraction(application, schema, data)
        ),
        model=MODEL,
    )
    return accounts, application


def wrong_hint() -> Sample:
    """The run blames its last step; three steps fail, and the first made the others fail."""
    draft = RunDraft("credit-wrong-hint", CREDIT, "2026-08-17T08:00:00Z")
    accounts, application = _begin(draft, "fabrikam-2025")
    failure = SampleFailure(
        message=CORRUPT,
        stage="document_fetch",
        category="permanent",
        details={"message": CORRUPT, "error_code": "document_corrupt"},
    )
    draft.step("extract-accounts", 1.1, status="error", failure=failure, model=MODEL)
    draft.step("merge-file", 0.1, status="error", failure=_missing("input-json-0"))
    last = draft.step("score-file", 0.1, status="error", failure=_missing("input-json-0"))
    draft.unreached("send-score", "skipped", "Missing input from 'score-file'")
    run = draft.run(
        "error",
        5.0,
        failure=SampleFailure(
            message="Missing required input 'input-json-0'",
            stage="input_collection",
            category="permanent",
        ),
        failing_step_id=last.step_id,
        documents={"start-accounts": accounts, "start-application": application},
    )
    return Sample(
        name="credit-wrong-hint",
        title="The run blames its last step; a damaged PDF three steps before is the cause",
        runs=(run,),
    )


UNREADABLE = "Unsupported document type: application/x-msdownload"


def no_hint() -> Sample:
    """No failing step is named, and the step that lacks its input began before the cause."""
    draft = RunDraft("credit-no-hint", CREDIT, "2026-08-17T08:30:00Z")
    accounts, application = _begin(draft, "tailspin-2025")
    waiting_since = draft.now
    failure = SampleFailure(
        message=UNREADABLE,
        stage="execution",
        category="permanent",
        details={"message": UNREADABLE, "error_code": "unsupported_document_type"},
    )
    draft.now = waiting_since + 0.5
    draft.step("extract-accounts", 2.0, status="error", failure=failure, model=MODEL)
    ended = draft.now
    draft.now = waiting_since
    draft.step(
        "merge-file", ended - waiting_since, status="error", failure=_missing("input-json-0")
    )
    draft.unreached("score-file", "skipped", "Missing input from 'merge-file'")
    draft.unreached("send-score", "skipped", "Missing input from 'score-file'")
    run = draft.run(
        "error",
        6.2,
        failure=SampleFailure(message="2 steps failed"),
        documents={"start-accounts": accounts, "start-application": application},
    )
    return Sample(
        name="credit-no-hint",
        title="No failing step named, and the step that lacks its input began before the cause",
        runs=(run,),
    )


OPAQUE = "An unexpected error occurred"


def unknown() -> Sample:
    """The API gives a sentence that says nothing: the honest answer is that it is unknown."""
    draft = RunDraft("credit-unknown", CREDIT, "2026-08-17T09:00:00Z")
    accounts, application = _begin(draft, "contoso-2025")
    data: dict[str, Json] = {"revenue": 8_400_000.5, "equity": 1_150_000.25}
    draft.step("extract-accounts", 4.0, outputs={"output-json-0": json_handle(data)}, model=MODEL)
    draft.step("merge-file", 0.1, outputs={"output-json-0": json_handle(data)})
    step = draft.step("score-file", 0.7, status="error", failure=SampleFailure(message=OPAQUE))
    draft.unreached("send-score", "skipped", "Upstream block 'score-file' failed")
    run = draft.run(
        "error",
        8.8,
        failure=SampleFailure(message=OPAQUE),
        failing_step_id=step.step_id,
        documents={"start-accounts": accounts, "start-application": application},
    )
    return Sample(
        name="credit-unknown",
        title="An error that says nothing: no stage, no category, no details",
        runs=(run,),
    )


def samples() -> tuple[Sample, ...]:
    """Return the samples of this file."""
    return (wrong_hint(), no_hint(), unknown())
