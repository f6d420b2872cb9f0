"""Read runs and results of evals, which were called tests until 19 June 2026."""

from collections.abc import Mapping

from retab_mcp.models import Json
from retab_mcp.models.eval_run import EvalResult, EvalRun
from retab_mcp.retab.normalize.fields import (
    first_text,
    mapping,
    message,
    moment,
    number,
    record,
    texts,
    whole,
)
from retab_mcp.retab.normalize.lifecycle import failure_of, reason_of, status_of


def eval_run_from_wire(body: Json, *, run_id: str = "") -> EvalRun:
    """Return a run of evals. Raises RetabError (bad_response) when the body is not an object."""
    row = record(body, "eval run")
    timing = {**row, **mapping(row.get("timing"))}
    workflow = mapping(row.get("workflow"))
    counts = mapping(row.get("counts"))
    outcomes = mapping(counts.get("outcome")) or mapping(counts.get("outcome_counts")) or counts
    status = status_of(row)
    return EvalRun(
        id=first_text(row, "id") or run_id,
        workflow_id=first_text(row, "workflow_id") or first_text(workflow, "workflow_id"),
        workflow_version_id=first_text(row, "workflow_version_id")
        or first_text(workflow, "version_id"),
        eval_id=first_text(row, "eval_id", "test_id"),
        status=status,
        failure=failure_of(row, status),
        reason=reason_of(row, status),
        total=whole(row.get("total_evals", row.get("total_tests"))),
        counts={name: found for name in outcomes if (found := whole(outcomes[name])) is not None},
        created_at=moment(timing.get("created_at")),
        started_at=moment(timing.get("started_at")),
        completed_at=moment(timing.get("completed_at")),
        duration_ms=whole(timing.get("duration_ms")),
    )


def eval_result_from_wire(row: Mapping[str, Json]) -> EvalResult:
    """Return the result of one eval, without its payloads."""
    asserted = mapping(row.get("assertion_result"))
    failure = mapping(asserted.get("failure"))
    body = dict(row)
    status = status_of(body)
    return EvalResult(
        id=first_text(row, "id"),
        eval_id=first_text(row, "eval_id", "test_id"),
        block_id=first_text(row, "block_id"),
        status=status,
        verdict=first_text(row, "verdict") or first_text(asserted, "outcome"),
        failure=failure_of(body, status),
        label=first_text(asserted, "assertion_label"),
        condition=first_text(asserted, "condition_kind"),
        expected=asserted.get("expected_value"),
        actual=asserted.get("actual_value"),
        score=number(asserted.get("score")),
        threshold=number(asserted.get("threshold")),
        reason=message(failure.get("message")) or first_text(failure, "code"),
        warnings=texts(row.get("warnings")),
    )
