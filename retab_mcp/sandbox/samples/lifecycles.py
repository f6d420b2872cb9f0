"""Runs that were cancelled, still run, never began, lacked credits, or were started once more."""

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
from retab_mcp.sandbox.samples.generated import manifest_html
from retab_mcp.sandbox.samples.primitives import TEXT, extraction, object_schema, parse

FREIGHT = Flow(
    slug="bill-of-lading",
    name="Bills of lading",
    blocks=(
        block("start-lading", "start_document", "Bill of lading"),
        block("parse-lading", "parse", "Read document", model=MODEL),
        block("extract-lading", "extract", "Extract cargo", model=MODEL),
        block("notify-forwarder", "api_call", "Notify forwarder", method="POST"),
    ),
    edges=(
        edge("start-lading", "parse-lading", kind="file"),
        edge("parse-lading", "extract-lading"),
        edge("extract-lading", "notify-forwarder"),
    ),
)
PACKING_LIST_ROWS = 900


def _read(draft: RunDraft, filename: str) -> dict[str, str]:
    """Draft the start and the parse of a packing list in HTML; return the document."""
    lading = document(filename)
    draft.step("start-lading", 0.1, outputs={"output-file-0": file_handle(lading)})
    draft.step(
        "parse-lading",
        8.0,
        outputs=lambda: {"output-json-0": json_handle({"text": manifest_html(PACKING_LIST_ROWS)})},
        artifact=draft.artifact(
            "parse", "parse-lading", lambda: parse(lading, [manifest_html(PACKING_LIST_ROWS)])
        ),
        model=MODEL,
    )
    return lading


CANCEL_REASON = "Cancelled from the dashboard: wrong document uploaded"


def cancelled() -> Sample:
    """Somebody uploaded the wrong document and stopped the run during the extraction."""
    draft = RunDraft("lading-cancelled", FREIGHT, "2026-08-12T07:00:00Z")
    lading = _read(draft, "BL-HAM-20991.pdf")
    draft.step("extract-lading", 2.5, status="cancelled", reason=CANCEL_REASON, model=MODEL)
    draft.unreached("notify-forwarder", "cancelled", CANCEL_REASON)
    run = draft.run(
        "cancelled",
        11.0,
        reason=CANCEL_REASON,
        documents={"start-lading": lading},
        trigger={"type": "manual"},
    )
    return Sample(
        name="lading-cancelled",
        title="Cancelled by hand, because the wrong document was uploaded",
        runs=(run,),
    )


def running() -> Sample:
    """The extraction runs; the notification waits for it."""
    draft = RunDraft("lading-running", FREIGHT, "2026-08-12T07:30:00Z")
    lading = _read(draft, "BL-RTM-11804.pdf")
    draft.going("extract-lading", "running", model=MODEL)
    draft.unreached("notify-forwarder", "queued")
    run = draft.run("running", documents={"start-lading": lading})
    return Sample(
        name="lading-running",
        title="A run still going: two steps completed, one running, one queued",
        runs=(run,),
    )


FETCH_MESSAGE = "Could not fetch input document: the file is password protected"


def no_steps() -> Sample:
    """The document cannot be opened, so the run fails before there is any step."""
    draft = RunDraft("lading-protected", FREIGHT, "2026-08-12T08:00:00Z")
    lading = document("BL-LEH-50112-protected.pdf")
    failure = SampleFailure(
        message=FETCH_MESSAGE,
        stage="document_fetch",
        category="permanent",
        details={
            "message": FETCH_MESSAGE,
            "error_code": "document_password_protected",
            "context": {"file_id": lading["id"], "start_block": "start-lading"},
        },
    )
    run = draft.run("error", 1.2, failure=failure, documents={"start-lading": lading})
    return Sample(
        name="lading-protected",
        title="Failed before any step: the input document is password protected",
        runs=(run,),
    )


QUOTA_MESSAGE = "Credit balance exhausted: 0 of 50,000 monthly credits left"


def quota() -> Sample:
    """The organisation has no credits left when the extraction begins."""
    draft = RunDraft("lading-quota", FREIGHT, "2026-08-31T21:10:00Z")
    lading = _read(draft, "BL-ANR-77120.pdf")
    failure = SampleFailure(
        message=QUOTA_MESSAGE,
        stage="execution",
        category="quota",
        details={
            "message": QUOTA_MESSAGE,
            "block_id": "extract-lading",
            "error_code": "insufficient_credits",
            "context": {"credits_left": 0, "renews_at": "2026-09-01T00:00:00Z"},
        },
    )
    step = draft.step("extract-lading", 0.3, status="error", failure=failure, model=MODEL)
    draft.unreached("notify-forwarder", "skipped", "Upstream block 'extract-lading' failed")
    run = draft.run(
        "error",
        8.8,
        failure=failure,
        failing_step_id=step.step_id,
        documents={"start-lading": lading},
    )
    return Sample(
        name="lading-quota",
        title="No credits left at the end of the month",
        runs=(run,),
    )


TIMEOUT_MESSAGE = "Model did not answer within 120 s"


def restarted() -> Sample:
    """A run that timed out, and the one that somebody started from it, which completed."""
    first = RunDraft("lading-timeout", FREIGHT, "2026-08-13T06:00:00Z")
    lading = _read(first, "BL-GOA-31337.pdf")
    failure = SampleFailure(
        message=TIMEOUT_MESSAGE,
        stage="execution",
        category="transient",
        details={"message": TIMEOUT_MESSAGE, "error_code": "timeout"},
    )
    failed_step = first.step(
        "extract-lading", 120.0, status="error", failure=failure, model=MODEL, retry_count=3
    )
    failed = first.run(
        "error",
        128.6,
        failure=failure,
        failing_step_id=failed_step.step_id,
        documents={"start-lading": lading},
    )
    second = RunDraft("lading-restarted", FREIGHT, "2026-08-13T06:20:00Z")
    _read(second, "BL-GOA-31337.pdf")
    cargo: dict[str, Json] = {"vessel": "Contoso Star", "port": "Genoa", "packages": "900"}
    schema = object_schema(("vessel", "port"), vessel=TEXT, port=TEXT, packages=TEXT)
    second.step(
        "extract-lading",
        14.0,
        outputs={"output-json-0": json_handle(cargo)},
        artifact=second.artifact("extraction", "extract", extraction(lading, schema, cargo)),
        model=MODEL,
    )
    second.step("notify-forwarder", 0.5, outputs={"output-json-0": json_handle({"sent": True})})
    again = second.run(
        "completed",
        23.1,
        documents={"start-lading": lading},
        trigger={"type": "restart", "parent_run_id": failed.id},
    )
    return Sample(
        name="lading-restarted",
        title="A run that timed out and was restarted, the second time with success",
        runs=(again, failed),
    )


def pending() -> Sample:
    """A run that no worker has taken yet."""
    draft = RunDraft("lading-pending", FREIGHT, "2026-08-13T06:45:00Z")
    lading = document("BL-VLC-90023.pdf")
    for each in ("start-lading", "parse-lading", "extract-lading", "notify-forwarder"):
        draft.unreached(each, "pending")
    run = draft.run("pending", started=False, documents={"start-lading": lading})
    return Sample(
        name="lading-pending",
        title="A run that waits for a worker",
        runs=(run,),
    )


def samples() -> tuple[Sample, ...]:
    """Return the samples of this file."""
    return (cancelled(), running(), no_steps(), quota(), restarted(), pending())
