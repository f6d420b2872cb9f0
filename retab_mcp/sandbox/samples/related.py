"""Runs to compare, an experiment, and a week of runs of one workflow."""

from collections.abc import Iterator, Sequence
from typing import Any

from retab_mcp.sandbox.builder.artifacts import extraction
from retab_mcp.sandbox.builder.graph import block, document, file_handle, json_handle, workflow
from retab_mcp.sandbox.builder.ids import identifier
from retab_mcp.sandbox.builder.run import RunBuilder, failure_of, turn
from retab_mcp.sandbox.generations import GENERATIONS
from retab_mcp.sandbox.records import (
    Json,
    Sample,
    SampleArtifact,
    SampleExperiment,
    SampleJob,
    SampleRef,
    SampleRun,
    after,
)
from retab_mcp.sandbox.samples.finished import INTAKE, INVOICE_SCHEMA

PAYMENTS = workflow(
    "payment-run",
    "Payment run",
    block("start-payments", "start_json", "Payments"),
    block("each-payment", "for_each", "For each payment", path="$.payments"),
    block("convert-euros", "function", "Convert to EUR", parent="each-payment"),
    block("send-payments", "api_call", "Send to bank", method="POST"),
    "start-payments > each-payment > convert-euros",
    "each-payment > send-payments",
)
BANK = "https://bank.example.com/v1/transfers"


def payment_run(
    name: str, references: Sequence[str], rate: float, *, refused: bool, seconds: float
) -> SampleRun:
    """Return a run that converts pounds at `rate` and sends them, which takes `seconds`."""
    build = RunBuilder(name, PAYMENTS, "2026-08-12T05:00:00Z")
    payments: list[Json] = [
        {"reference": reference, "amount": 100 + 7 * place, "currency": "GBP"}
        for place, reference in enumerate(references)
    ]
    build.start("start-payments", {"payments": payments})
    began = build.now
    converted = []
    for number, payment in enumerate(payments):
        euros = {**payment, "amount": round(payment["amount"] * rate, 2), "currency": "EUR"}
        converted.append(euros)
        build.complete(
            "convert-euros",
            euros,
            0.1,
            inputs={"input-json-0": json_handle(payment)},
            loops=(turn("each-payment", number),),
        )
    data = {"payments": converted}
    build.container("each-payment", began, outputs={"output-json-0": json_handle(data)})
    answer = {"error": "amount above the daily limit"} if refused else {"accepted": len(payments)}
    failure = failure_of("API call failed: 422 Unprocessable Entity", code="http_error")
    call = build.call(
        BANK,
        (422 if refused else 200, answer),
        name="send-payments",
        failure=failure if refused else None,
        sent=data,
        lasting=seconds,
    )
    inputs = {"start-payments": {"payments": payments}}
    if refused:
        step = build.fail("send-payments", failure, seconds, artifact=call)
        return build.failed(step, build.now, json_data=inputs)
    build.complete("send-payments", answer, seconds, artifact=call)
    return build.run("completed", build.now, json_data=inputs)


def _payments_rate() -> Sample:
    references = [f"PAY-{number}" for number in range(7001, 7005)]
    good = payment_run("payments-good", references, 1.15, refused=False, seconds=0.8)
    bad = payment_run("payments-bad", references, 115.0, refused=True, seconds=4.0)
    title = "The same payments converted with a wrong rate, which the bank refuses"
    return Sample("payments-rate", title, (good, bad))


STARTED_AT = "2026-08-18T12:00:00Z"


def _job(name: str, begun: float, seconds: float, **fields: Any) -> SampleJob:
    stored = document(f"{name}.pdf")
    return SampleJob(
        id=identifier("expjob", name),
        document_id=identifier("expdoc", name),
        filename=stored["filename"],
        created_at=STARTED_AT,
        started_at=after(STARTED_AT, begun),
        completed_at=after(STARTED_AT, begun + seconds),
        handle_inputs={"input-file-0": file_handle(stored)},
        **fields,
    )


def _completed_job(
    name: str, begun: float, seconds: float, score: float, total: float
) -> tuple[SampleJob, SampleArtifact]:
    data: dict[str, Json] = {
        "invoice_number": name,
        "issue_date": "2026-06-30",
        "vendor_name": "Acme Corp",
        "currency": "EUR",
        "total_amount": total,
        "lines": [],
    }
    record = extraction(
        document(f"{name}.pdf"),
        INVOICE_SCHEMA,
        data,
        likelihoods={"invoice_number": 1.0, "total_amount": score},
        choices=[data] * 3,
        credits=3.0,
    )
    made = SampleArtifact(
        operation="extraction",
        id=identifier("extr", f"experiment/{name}"),
        data=record,
        created_at=after(STARTED_AT, begun + seconds),
    )
    job = _job(
        name,
        begun,
        seconds,
        status="completed",
        handle_outputs={"output-json-0": json_handle(data)},
        artifact=SampleRef(operation=made.operation, id=made.id),
        score=score,
    )
    return job, made


def _experiment_failed_job() -> Sample:
    good, good_record = _completed_job("INV-2026-0388", 0.5, 4.12, 0.97, 812.45)
    doubtful, doubtful_record = _completed_job("INV-2026-0391", 0.6, 5.4, 0.52, 96.3)
    failure = failure_of(
        "Could not read document: it has no pages", stage=None, category=None, code="empty_document"
    )
    empty = _job("INV-2026-0402", 0.7, 1.5, status="error", failure=failure, attempt=1)
    experiment = SampleExperiment(
        id=identifier("exp", "invoice-consensus"),
        name="Three votes instead of one",
        workflow_id=INTAKE.id,
        workflow_version_id=INTAKE.version_id,
        block_id="extract-invoice",
        block_type="extract",
        run_id=identifier("exprun", "invoice-consensus"),
        status="completed",
        created_at=STARTED_AT,
        started_at=after(STARTED_AT, 0.4),
        completed_at=after(STARTED_AT, 6.5),
        score=0.745,
        jobs=(good, doubtful, empty),
        artifacts=(good_record, doubtful_record),
    )
    return Sample(
        "experiment-failed-job",
        "An experiment on three invoices, one of them an empty document",
        experiments=(experiment,),
        generations=GENERATIONS[1:],
    )


HOUR = 3600
DAY = 24 * HOUR
BOOKINGS = workflow(
    "freight-bookings",
    "Freight bookings",
    block("start-booking", "start_json", "Booking received"),
    block("check-booking", "function", "Check booking"),
    block("book-carrier", "api_call", "Book the carrier", method="POST"),
    "start-booking > check-booking > book-carrier",
)
# How many of each day's six bookings, from the first, met an unavailable carrier: more every day.
CARRIER_DOWN = (0, 0, 1, 1, 2, 3, 4)
# Bookings by (day, number) whose contract was not known.
UNKNOWN_CONTRACT = {(1, 5): "BK-1043", (5, 5): "BK-2217"}


def week(monday: str, per_day: int, hours: int) -> Iterator[tuple[int, int, str]]:
    """Yield day, number and time of a week's runs: from one o'clock, every `hours`."""
    for day in range(7):
        for number in range(per_day):
            yield day, number, after(monday, day * DAY + (1 + number * hours) * HOUR)


def _booking(day: int, number: int, created_at: str) -> SampleRun:
    build = RunBuilder(f"booking/{day}/{number}", BOOKINGS, created_at)
    order: dict[str, Json] = {"booking": f"BK-{day}{number}", "pallets": 4 + number}
    fields: dict[str, Any] = {
        "json_data": {"start-booking": order},
        "metadata": {"carrier": "north" if number % 2 else "south"},
    }
    build.start("start-booking", order)
    contract = UNKNOWN_CONTRACT.get((day, number))
    if contract:
        failure = failure_of(f"KeyError: '{contract}'", block_id="check-booking")
        step = build.fail("check-booking", failure, 0.3)
        build.skip("Upstream block 'check-booking' failed", "book-carrier")
        return build.failed(step, 0.6, **fields)
    build.complete("check-booking", order, 0.3)
    if number < CARRIER_DOWN[day]:
        request = identifier("req", build.id)
        message = f"503 Service Unavailable (request {request})"
        failure = failure_of(message, category="transient", block_id="book-carrier")
        step = build.fail("book-carrier", failure, 9.0, retry_count=2)
        return build.failed(step, 9.6, **fields)
    build.complete("book-carrier", {"accepted": True}, 0.9)
    return build.run("completed", 1.6, **fields)


def _bookings_week() -> Sample:
    runs = [_booking(*at) for at in week("2026-07-06T00:00:00Z", per_day=6, hours=2)]
    title = "A week of freight bookings, and a carrier that is down more often every day"
    return Sample("bookings-week", title, tuple(reversed(runs)))


def samples() -> tuple[Sample, ...]:
    """Return the samples of this file."""
    return (_payments_rate(), _experiment_failed_job(), _bookings_week())
