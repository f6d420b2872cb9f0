"""Runs that never began, lacked credits, were restarted, or are pending."""

from retab_mcp.sandbox.builder.artifacts import TEXT, object_schema
from retab_mcp.sandbox.builder.graph import MODEL, document
from retab_mcp.sandbox.builder.run import RunBuilder, failure_of
from retab_mcp.sandbox.records import Json, Sample
from retab_mcp.sandbox.samples.finished import FREIGHT, lading


def no_steps() -> Sample:
    """Return a run that fails before there is any step, since its document cannot be opened."""
    build = RunBuilder("lading-protected", FREIGHT, "2026-08-12T08:00:00Z")
    stored = document("BL-LEH-50112-protected.pdf")
    failure = failure_of(
        "Could not fetch input document: the file is password protected",
        stage="document_fetch",
        code="document_password_protected",
        context={"file_id": stored["id"], "start_block": "start-lading"},
    )
    run = build.run("error", 1.2, failure=failure, documents={"start-lading": stored})
    title = "Failed before any step: the input document is password protected"
    return Sample("lading-protected", title, (run,))


def quota() -> Sample:
    """Return a run of an organisation that has no credits left when the extraction begins."""
    build = lading("lading-quota", "2026-08-31T21:10:00Z", "BL-ANR-77120.pdf")
    failure = failure_of(
        "Credit balance exhausted: 0 of 50,000 monthly credits left",
        category="quota",
        code="insufficient_credits",
        block_id="extract-lading",
        context={"credits_left": 0, "renews_at": "2026-09-01T00:00:00Z"},
    )
    step = build.fail("extract-lading", failure, 0.3, model=MODEL)
    build.skip("Upstream block 'extract-lading' failed", "notify-forwarder")
    title = "No credits left at the end of the month"
    return Sample("lading-quota", title, (build.failed(step, 8.8),))


def restarted() -> Sample:
    """Return a run that timed out, and the one restarted from it, which completed."""
    first = lading("lading-timeout", "2026-08-13T06:00:00Z", "BL-GOA-31337.pdf")
    failure = failure_of("Model did not answer within 120 s", category="transient", code="timeout")
    step = first.fail("extract-lading", failure, 120.0, model=MODEL, retry_count=3)
    failed = first.failed(step, 128.6)
    second = lading("lading-restarted", "2026-08-13T06:20:00Z", "BL-GOA-31337.pdf")
    cargo: dict[str, Json] = {"vessel": "Contoso Star", "port": "Genoa", "packages": "900"}
    schema = object_schema(("vessel", "port"), vessel=TEXT, port=TEXT, packages=TEXT)
    second.extract("extract-lading", cargo, 14.0, schema)
    second.complete("notify-forwarder", {"sent": True}, 0.5)
    trigger = {"type": "restart", "parent_run_id": failed.id}
    again = second.run("completed", 23.1, trigger=trigger)
    title = "A run that timed out and was restarted, the second time with success"
    return Sample("lading-restarted", title, (again, failed))


def pending() -> Sample:
    """Return a run that no worker has taken yet."""
    build = RunBuilder("lading-pending", FREIGHT, "2026-08-13T06:45:00Z")
    for each in ("start-lading", "parse-lading", "extract-lading", "notify-forwarder"):
        build.unreached(each, "pending")
    documents = {"start-lading": document("BL-VLC-90023.pdf")}
    run = build.run("pending", started=False, documents=documents)
    return Sample("lading-pending", "A run that waits for a worker", (run,))


def samples() -> tuple[Sample, ...]:
    """Return the samples of this file."""
    return (no_steps(), quota(), restarted(), pending())
