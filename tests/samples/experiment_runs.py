"""Runs of experiments: one to compare with the run before, one with stale scores, one unfinished."""

from collections.abc import Mapping
from typing import Any

from retab_mcp.sandbox.builder.artifacts import DATE, NUMBER, TEXT, extraction, object_schema
from retab_mcp.sandbox.builder.graph import document, file_handle, json_handle
from retab_mcp.sandbox.builder.ids import identifier
from retab_mcp.sandbox.generations import GENERATIONS
from retab_mcp.sandbox.records import (
    Json,
    Sample,
    SampleArtifact,
    SampleExperiment,
    SampleFailure,
    SampleJob,
    SampleRef,
    after,
)

WORKFLOW_ID = identifier("wrk", "quay-orders")
VERSION_ID = identifier("ver", "quay-orders")

ORDER_SCHEMA = object_schema(
    ("order_number", "delivery_date", "total"),
    order_number=TEXT,
    delivery_date=DATE,
    total=NUMBER,
)
FIRST_STARTED = "2026-08-19T09:00:00Z"
SECOND_STARTED = "2026-08-20T09:00:00Z"
SLOW_MESSAGE = "Model did not answer within 120 s"
EMPTY_MESSAGE = "Could not read document: it has no pages"

# Order -> (day of delivery, likelihood of the date) in the first run, then in the second, whose
# prompt reads the day of the order rather than the day of delivery further down.
READ_AT_FIRST = {
    "QO-101": (11, 0.96),
    "QO-102": (12, 0.94),
    "QO-103": (13, 0.9),
    "QO-104": (14, 1.0),
}
READ_THEN = {"QO-101": (1, 0.4), "QO-102": (12, 0.91), "QO-105": (15, 0.88), "QO-104": (14, 1.0)}
ORDERS = ("QO-101", "QO-102", "QO-103", "QO-104", "QO-105")

Made = tuple[SampleJob, SampleArtifact | None]


def _job(run: str, name: str, started: str, status: str, **fields: Any) -> SampleJob:
    stored = document(f"{name}.pdf")
    begun, ended = after(started, 1), after(started, 5)
    return SampleJob(
        id=identifier("expjob", f"{run}/{name}"),
        document_id=identifier("expdoc", name),
        filename=stored["filename"],
        status=status,
        created_at=started,
        started_at=begun if status not in ("pending", "queued") else None,
        completed_at=ended if status in ("completed", "error") else None,
        handle_inputs={"input-file-0": file_handle(stored)},
        **fields,
    )


def _read(run: str, name: str, started: str, day: int, likelihood: float) -> Made:
    """Return the job of an order whose date was read with this likelihood."""
    data: dict[str, Json] = {
        "order_number": name,
        "delivery_date": f"2026-09-{day:02d}",
        "total": 250.0,
    }
    likelihoods = {"order_number": 1.0, "delivery_date": likelihood, "total": 1.0}
    ref = SampleRef(operation="extraction", id=identifier("extr", f"{run}/{name}"))
    stored = document(f"{name}.pdf")
    record = extraction(
        stored, ORDER_SCHEMA, data, likelihoods=likelihoods, choices=[data] * 3, credits=3.0
    )
    artifact = SampleArtifact(
        operation=ref.operation, id=ref.id, data=record, created_at=after(started, 5)
    )
    job = _job(
        run,
        name,
        started,
        "completed",
        handle_outputs={"output-json-0": json_handle(data)},
        artifact=ref,
        score=round((2 + likelihood) / 3, 4),
    )
    return job, artifact


def _failed(run: str, name: str, started: str, message: str) -> Made:
    return _job(run, name, started, "error", failure=SampleFailure(message=message)), None


def _experiment(
    slug: str, run: str, started: str, made: list[Made], **fields: Any
) -> SampleExperiment:
    scores = [job.score for job, _ in made if job.score is not None]
    defaults: dict[str, Any] = {
        "block_id": "extract-order",
        "block_type": "extract",
        "status": "completed",
        "completed_at": after(started, 6),
        "score": round(sum(scores) / len(scores), 4) if scores else None,
    }
    return SampleExperiment(
        id=identifier("exp", slug),
        name=slug.replace("-", " ").capitalize(),
        workflow_id=WORKFLOW_ID,
        workflow_version_id=VERSION_ID,
        run_id=identifier("exprun", run),
        created_at=started,
        started_at=started,
        jobs=tuple(job for job, _ in made),
        artifacts=tuple(artifact for _, artifact in made if artifact is not None),
        **(defaults | fields),
    )


def _orders(
    run: str, started: str, read: Mapping[str, tuple[int, float]], message: str
) -> list[Made]:
    return [
        _read(run, name, started, *read[name])
        if name in read
        else _failed(run, name, started, message)
        for name in ORDERS
    ]


def another_prompt() -> Sample:
    """Return five orders read twice: the second prompt mistook a date and lost one order."""
    slug = "orders-prompt"
    first = _experiment(
        slug,
        "orders-prompt/1",
        FIRST_STARTED,
        _orders("orders-prompt/1", FIRST_STARTED, READ_AT_FIRST, EMPTY_MESSAGE),
    )
    second = _experiment(
        slug,
        "orders-prompt/2",
        SECOND_STARTED,
        _orders("orders-prompt/2", SECOND_STARTED, READ_THEN, SLOW_MESSAGE),
    )
    return Sample(
        name="experiment-compared",
        title="An experiment on five orders, run again with another prompt",
        experiments=(first, second),
        generations=GENERATIONS[1:],
    )


def changed_since() -> Sample:
    """Return a run with stale scores, since the block was changed after it."""
    run = _experiment(
        "orders-stale",
        "orders-stale/1",
        "2026-08-21T09:00:00Z",
        [
            _read("orders-stale/1", "QO-201", "2026-08-21T09:00:00Z", 3, 0.97),
            _failed("orders-stale/1", "QO-202", "2026-08-21T09:00:00Z", EMPTY_MESSAGE),
        ],
        stale_reasons=("inputs_changed",),
    )
    return Sample(
        name="experiment-stale",
        title="An experiment whose scores are out of date",
        experiments=(run,),
        generations=GENERATIONS[1:],
    )


def still_going() -> Sample:
    """Return an unfinished run: one of three documents is done, and there are no scores."""
    started = "2026-08-22T09:00:00Z"
    done, artifact = _read("orders-going/1", "QO-301", started, 4, 0.9)
    unscored = SampleJob(**{**vars(done), "score": None})
    going = [
        (unscored, artifact),
        (_job("orders-going/1", "QO-302", started, "running"), None),
        (_job("orders-going/1", "QO-303", started, "queued"), None),
    ]
    run = _experiment(
        "orders-going", "orders-going/1", started, going, status="running", completed_at=None
    )
    return Sample(
        name="experiment-running",
        title="An experiment that is still running, without scores",
        experiments=(run,),
        generations=GENERATIONS[1:],
    )


def samples() -> tuple[Sample, ...]:
    """Return the samples of this file."""
    return another_prompt(), changed_since(), still_going()
