"""Runs in pairs, one that went well and one that did not, for the tools that compare and search."""

from collections.abc import Sequence
from dataclasses import replace

from retab_mcp.sandbox.ids import identifier
from retab_mcp.sandbox.records import (
    Json,
    Sample,
    SampleFailure,
    SampleLoop,
    SampleRun,
)
from retab_mcp.sandbox.samples import evaluations
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

OTHER_MODEL = "retab-micro"

RECEIPT_SCHEMA = object_schema(
    ("merchant", "total"), merchant=TEXT, total=NUMBER, items={"type": "array"}
)
RECEIPTS = Flow(
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
# The item that the other model did not see, in front of those that it did.
MISSED_ITEM = {"name": "Reusable bag", "price": 0.25}
READ_ITEMS = [{"name": "Espresso beans 1 kg", "price": 18.9}, {"name": "Oat milk", "price": 2.35}]


def _receipt(name: str, model: str, items: list[Json], version_id: str) -> SampleRun:
    draft = RunDraft(name, RECEIPTS, "2026-08-11T07:30:00Z")
    receipt = document("receipt-4471.jpg", "image/jpeg")
    total = round(sum(item["price"] for item in items), 2)
    read = {"merchant": "Northwind Traders", "total": total, "items": items}
    draft.step("start-receipt", 0.1, outputs={"output-file-0": file_handle(receipt)})
    draft.step(
        "extract-receipt",
        2.2,
        outputs={"output-json-0": json_handle(read)},
        artifact=draft.artifact(
            "extraction", "extract-receipt", extraction(receipt, RECEIPT_SCHEMA, read)
        ),
        model=model,
    )
    draft.step("book-receipt", 0.2, outputs={"output-json-0": json_handle({"booked": total})})
    run = draft.run("completed", 2.8, documents={"start-receipt": receipt})
    blocks = tuple(
        replace(each, config={"model": model}) if each.type == "extract" else each
        for each in RECEIPTS.blocks
    )
    return replace(run, blocks=blocks, workflow_version_id=version_id)


def other_version() -> Sample:
    """The same receipt before and after the model of a block was changed."""
    before = _receipt("receipt-before", MODEL, [MISSED_ITEM, *READ_ITEMS], RECEIPTS.version_id)
    newer = identifier("ver", "receipt-intake/2")
    later = _receipt("receipt-after", OTHER_MODEL, READ_ITEMS, newer)
    return Sample(
        name="receipt-versions",
        title="The same receipt with another model, which missed an item",
        runs=(before, later),
    )


PAYMENTS = Flow(
    slug="payment-run",
    name="Payment run",
    blocks=(
        block("start-payments", "start_json", "Payments"),
        block("each-payment", "for_each", "For each payment", path="$.payments"),
        block("convert-euros", "function", "Convert to EUR", parent="each-payment"),
        block("send-payments", "api_call", "Send to bank", method="POST"),
    ),
    edges=(
        edge("start-payments", "each-payment"),
        edge("each-payment", "convert-euros"),
        edge("each-payment", "send-payments"),
    ),
)
BANK = "https://bank.example.com/v1/transfers"
BANK_REFUSED = "API call failed: 422 Unprocessable Entity"
# The rate with which the later run converted pounds.
OLD_RATE, NEW_RATE = 1.15, 115.0


def _payments(
    name: str, references: Sequence[str], rate: float, *, refused: bool, seconds: float
) -> SampleRun:
    draft = RunDraft(name, PAYMENTS, "2026-08-12T05:00:00Z")
    payments: list[Json] = [
        {"reference": reference, "amount": 100 + 7 * place, "currency": "GBP"}
        for place, reference in enumerate(references)
    ]
    draft.step(
        "start-payments", 0.1, outputs={"output-json-0": json_handle({"payments": payments})}
    )
    began = draft.now
    converted = []
    for number, payment in enumerate(payments):
        euros = {**payment, "amount": round(payment["amount"] * rate, 2), "currency": "EUR"}
        converted.append(euros)
        draft.step(
            "convert-euros",
            0.1,
            inputs={"input-json-0": json_handle(payment)},
            outputs={"output-json-0": json_handle(euros)},
            loops=(SampleLoop(container_id="each-payment", iteration=number),),
        )
    draft.container(
        "each-payment", began, outputs={"output-json-0": json_handle({"payments": converted})}
    )
    sent_at = draft.time()
    answer = {"error": "amount above the daily limit"} if refused else {"accepted": len(payments)}
    call = evaluations.attempt(
        0,
        "POST",
        BANK,
        422 if refused else 200,
        answer,
        started_at=sent_at,
        completed_at=sent_at,
        duration_ms=round(seconds * 1000),
        request_body={"payments": converted},
    )
    failure = SampleFailure(
        message=BANK_REFUSED,
        stage="execution",
        category="permanent",
        details={"message": BANK_REFUSED, "error_code": "http_error"},
    )
    invocation = draft.artifact(
        "api_call_invocation",
        "send-payments",
        evaluations.api_call([call]),
        failure=failure if refused else None,
    )
    step = draft.step(
        "send-payments",
        seconds,
        status="error" if refused else "completed",
        failure=failure if refused else None,
        outputs=None if refused else {"output-json-0": json_handle(answer)},
        artifact=invocation,
    )
    return draft.run(
        "error" if refused else "completed",
        draft.now,
        failure=failure if refused else None,
        failing_step_id=step.step_id if refused else None,
        json_data={"start-payments": {"payments": payments}},
    )


def wrong_rate() -> Sample:
    """The bank refuses amounts that a function converted with a rate a hundred times too high."""
    references = [f"PAY-{number}" for number in range(7001, 7005)]
    good = _payments("payments-good", references, OLD_RATE, refused=False, seconds=0.8)
    bad = _payments("payments-bad", references, NEW_RATE, refused=True, seconds=4.0)
    return Sample(
        name="payments-rate",
        title="The same payments converted with a wrong rate, which the bank refuses",
        runs=(good, bad),
    )


def one_payment_more() -> Sample:
    """A payment more, in front: one row more, and one iteration."""
    references = [f"PAY-{number}" for number in range(8001, 8004)]
    fewer = _payments("payments-three", references, OLD_RATE, refused=False, seconds=0.8)
    more = _payments(
        "payments-four", ["PAY-8000", *references], OLD_RATE, refused=False, seconds=0.8
    )
    return Sample(
        name="payments-more",
        title="The same payments and one more in front",
        runs=(fewer, more),
    )


def samples() -> tuple[Sample, ...]:
    """Return the samples of this file."""
    return (other_version(), wrong_rate(), one_payment_more())
