"""Three workflows over a week: a failure that grows, one that stays, one that ends."""

from collections.abc import Mapping
from typing import Any

from retab_mcp.sandbox.builder.graph import (
    Workflow,
    block,
    document,
    edge,
    file_handle,
    json_handle,
)
from retab_mcp.sandbox.builder.run import RunBuilder
from retab_mcp.sandbox.records import (
    Json,
    Sample,
    SampleFailure,
    SampleLoop,
    SampleRun,
)
from retab_mcp.sandbox.samples.related import week

DAYS = 7
HOUR = 3600
DAY = 24 * HOUR


RECEIPTS = Workflow(
    slug="receipt-filing",
    name="Receipt filing",
    blocks=(
        block("start-receipt", "start_document", "Receipt received"),
        block("extract-receipt", "extract", "Read receipt"),
        block("file-receipt", "function", "File receipt"),
    ),
    edges=(
        edge("start-receipt", "extract-receipt", kind="file"),
        edge("extract-receipt", "file-receipt"),
    ),
)
RECEIPTS_MONDAY = "2026-07-13T00:00:00Z"
RECEIPTS_PER_DAY = 4
DAMAGED = 1  # the number of the damaged receipt of each day

PERMITS = Workflow(
    slug="permit-batches",
    name="Permit batches",
    blocks=(
        block("start-permits", "start_json", "Batch received"),
        block("each-permit", "for_each", "Each permit"),
        block("read-permit", "extract", "Read permit", parent="each-permit"),
    ),
    edges=(edge("start-permits", "each-permit"), edge("each-permit", "read-permit")),
)
PERMITS_MONDAY = "2026-07-20T00:00:00Z"
PERMITS_PER_DAY = 5
PERMITS_IN_BATCH = 4
UNREADABLE_PERMITS = (1, 3)  # iterations
# How many of each day's batches held permits without a date: none from Friday on.
DATE_MISSING = (4, 3, 2, 1, 0, 0, 0)


def _failure(message: str, block_id: str, category: str = "permanent") -> SampleFailure:
    details = {"message": message, "block_id": block_id}
    return SampleFailure(message=message, stage="execution", category=category, details=details)


def _hint(build: RunBuilder, block_id: str) -> dict[str, Any]:
    return {"failing_step_id": build.step_id(block_id)}


def _receipt(day: int, number: int, created_at: str) -> SampleRun:
    build = RunBuilder(f"receipt/{day}/{number}", RECEIPTS, created_at)
    stored = document(f"receipt-{day}-{number}.pdf")
    fields: dict[str, Any] = {
        "documents": {"start-receipt": stored},
        "trigger": {"type": "schedule", "schedule_id": "sched_receipts"},
    }
    build.step("start-receipt", 0.1, outputs={"output-file-0": file_handle(stored)})
    if number != DAMAGED:
        total: Mapping[str, Json] = {"total": 10.5 + number}
        build.step("extract-receipt", 2.0, outputs={"output-json-0": json_handle(dict(total))})
        build.step("file-receipt", 0.2, outputs={"output-json-0": json_handle({"filed": True})})
        return build.run("completed", 2.8, **fields)
    message = f"Could not read document: the PDF is damaged at byte {1000 + 77 * day}"
    build.step("extract-receipt", 1.0, status="error", failure=_failure(message, "extract-receipt"))
    missing = _failure("Missing required input 'input-json-0'", "file-receipt")
    build.step("file-receipt", 0.1, status="error", failure=missing, inputs={})
    # The API names the step that failed last, or none.
    hint = _hint(build, "file-receipt") if day % 2 else {}
    said = missing if day % 2 else SampleFailure(message="2 steps failed", stage="execution")
    return build.run("error", 1.6, failure=said, **hint, **fields)


def damaged_receipts() -> Sample:
    """Return a week in which one of four daily receipts was damaged; Retab names a later step."""
    runs = tuple(_receipt(*at) for at in week(RECEIPTS_MONDAY, RECEIPTS_PER_DAY, 3))
    return Sample(
        name="receipts-week",
        title="A week of receipts, one damaged every day, with hints that name the wrong step",
        runs=runs[::-1],
    )


def _batch(day: int, number: int, created_at: str) -> SampleRun:
    build = RunBuilder(f"permits/{day}/{number}", PERMITS, created_at)
    batch: dict[str, Json] = {"batch": f"{day}-{number}"}
    build.step("start-permits", 0.1, outputs={"output-json-0": json_handle(batch)})
    began, wrong = build.now, number < DATE_MISSING[day]
    for iteration in range(PERMITS_IN_BATCH):
        place = (SampleLoop(container_id="each-permit", iteration=iteration),)
        if wrong and iteration in UNREADABLE_PERMITS:
            missing = f"permit {iteration}: 'valid_until' is a required property"
            message = f"Extraction output does not match the schema: {missing}"
            failure = _failure(message, "read-permit")
            build.step("read-permit", 1.0, status="error", failure=failure, loops=place)
        else:
            read = {"output-json-0": json_handle({"valid_until": "2027-01-31"})}
            build.step("read-permit", 1.0, outputs=read, loops=place)
    if not wrong:
        build.container("each-permit", began)
        return build.run("completed", 4.8, json_data={"start-permits": batch})
    summary = _failure(f"2 of {PERMITS_IN_BATCH} iterations failed", "each-permit")
    build.container("each-permit", began, status="error", failure=summary)
    hint = _hint(build, "each-permit")
    return build.run("error", 4.8, failure=summary, json_data={"start-permits": batch}, **hint)


def permits_without_date() -> Sample:
    """Return a week in which ten batches failed with two permits each, the last on Thursday."""
    runs = tuple(_batch(*at) for at in week(PERMITS_MONDAY, PERMITS_PER_DAY, 2))
    return Sample(
        name="permits-week",
        title="A week of permit batches: permits without a date, until somebody stopped them",
        runs=runs[::-1],
    )


def samples() -> tuple[Sample, ...]:
    """Return the samples of this file."""
    return damaged_receipts(), permits_without_date()
