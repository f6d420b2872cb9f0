"""Runs without a failing_step_id, or with an error that says nothing."""

from retab_mcp.sandbox.builder.graph import MODEL
from retab_mcp.sandbox.builder.run import failure_of
from retab_mcp.sandbox.records import Json, Sample
from retab_mcp.sandbox.samples.failing import NO_INPUT, credit_file


def no_hint() -> Sample:
    """Return a run whose step without input began before the step that caused it."""
    build = credit_file("credit-no-hint", "2026-08-17T08:30:00Z", "tailspin-2025")
    began = build.now
    build.now = began + 0.5
    message = "Unsupported document type: application/x-msdownload"
    code = "unsupported_document_type"
    build.fail("extract-accounts", message, 2.0, code=code, model=MODEL)
    build.container("merge-file", began, status="error", failure=NO_INPUT)
    build.skip("Missing input from 'merge-file'", "score-file")
    build.skip("Missing input from 'score-file'", "send-score")
    failure = failure_of("2 steps failed", stage=None, category=None)
    title = "No failing step named, and the step that lacks its input began before the cause"
    return Sample("credit-no-hint", title, (build.run("error", 6.2, failure=failure),))


def unknown() -> Sample:
    """Return a run whose error says nothing; the right kind is unknown."""
    build = credit_file("credit-unknown", "2026-08-17T09:00:00Z", "contoso-2025")
    data: dict[str, Json] = {"revenue": 8_400_000.5, "equity": 1_150_000.25}
    build.complete("extract-accounts", data, 4.0, model=MODEL)
    build.complete("merge-file", data, 0.1)
    opaque = "An unexpected error occurred"
    step = build.fail("score-file", opaque, 0.7, stage=None, category=None)
    build.skip("Upstream block 'score-file' failed", "send-score")
    title = "An error that says nothing: no stage, no category, no details"
    return Sample("credit-unknown", title, (build.failed(step, 8.8),))


def samples() -> tuple[Sample, ...]:
    """Return the samples of this file."""
    return (no_hint(), unknown())
