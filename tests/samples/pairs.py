"""Pairs of runs, one right and one wrong, for compare_runs and search_run."""

from dataclasses import replace

from retab_mcp.sandbox.builder.artifacts import NUMBER, TEXT, extraction, object_schema
from retab_mcp.sandbox.builder.graph import (
    MODEL,
    Workflow,
    block,
    document,
    edge,
    file_handle,
    json_handle,
)
from retab_mcp.sandbox.builder.ids import identifier
from retab_mcp.sandbox.builder.run import RunBuilder
from retab_mcp.sandbox.records import (
    Json,
    Sample,
    SampleRun,
)
from retab_mcp.sandbox.samples.related import payment_run

OTHER_MODEL = "retab-micro"

RECEIPT_SCHEMA = object_schema(
    ("merchant", "total"), merchant=TEXT, total=NUMBER, items={"type": "array"}
)
RECEIPTS = Workflow(
    slug="receipt-intake",
    name="Receipt intake",
    blocks=(
        block("start-receipt", "start_document", "Receipt received"),
        block("extract-receipt", "extract", "Extract receipt", model=MODEL),
        block("book-receipt", "function", "Book receipt"),
    ),
    edges=(
        edge("start-receipt", "extract-receipt", kind="file"),
        edge("extract-receipt", "book-receipt"),
    ),
)
# The item that the other model missed, before those that it found.
MISSED_ITEM = {"name": "Reusable bag", "price": 0.25}
READ_ITEMS = [{"name": "Espresso beans 1 kg", "price": 18.9}, {"name": "Oat milk", "price": 2.35}]


def _receipt(name: str, model: str, items: list[Json], version_id: str) -> SampleRun:
    build = RunBuilder(name, RECEIPTS, "2026-08-11T07:30:00Z")
    receipt = document("receipt-4471.jpg", "image/jpeg")
    total = round(sum(item["price"] for item in items), 2)
    read = {"merchant": "Northwind Traders", "total": total, "items": items}
    build.step("start-receipt", 0.1, outputs={"output-file-0": file_handle(receipt)})
    build.step(
        "extract-receipt",
        2.2,
        outputs={"output-json-0": json_handle(read)},
        artifact=build.artifact(
            "extraction", "extract-receipt", extraction(receipt, RECEIPT_SCHEMA, read)
        ),
        model=model,
    )
    build.step("book-receipt", 0.2, outputs={"output-json-0": json_handle({"booked": total})})
    run = build.run("completed", 2.8, documents={"start-receipt": receipt})
    blocks = tuple(
        replace(each, config={"model": model}) if each.type == "extract" else each
        for each in RECEIPTS.blocks
    )
    return replace(run, blocks=blocks, workflow_version_id=version_id)


def other_version() -> Sample:
    """Return the same receipt before and after the model of a block was changed."""
    before = _receipt("receipt-before", MODEL, [MISSED_ITEM, *READ_ITEMS], RECEIPTS.version_id)
    newer = identifier("ver", "receipt-intake/2")
    later = _receipt("receipt-after", OTHER_MODEL, READ_ITEMS, newer)
    return Sample(
        name="receipt-versions",
        title="The same receipt with another model, which missed an item",
        runs=(before, later),
    )


# The rate with which the later run converted pounds.


def one_payment_more() -> Sample:
    """Return two runs, the second with one more payment at the front (a row and an iteration)."""
    references = [f"PAY-{number}" for number in range(8001, 8004)]
    fewer = payment_run("payments-three", references, 1.15, refused=False, seconds=0.8)
    more = payment_run("payments-four", ["PAY-8000", *references], 1.15, refused=False, seconds=0.8)
    return Sample(
        name="payments-more",
        title="The same payments and one more in front",
        runs=(fewer, more),
    )


def samples() -> tuple[Sample, ...]:
    """Return the samples of this file."""
    return (other_version(), one_payment_more())
