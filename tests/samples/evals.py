"""A run of evals after a prompt was changed, and one before."""

from typing import Any

from retab_mcp.sandbox.builder.ids import identifier
from retab_mcp.sandbox.records import (
    Sample,
    SampleEvalResult,
    SampleEvalRun,
    SampleFailure,
    after,
)

WORKFLOW_ID = identifier("wrk", "lease-terms")
BEFORE, AFTER = "2026-08-24T07:00:00Z", "2026-08-25T07:00:00Z"
# Served where evals have paths of their own.
FLAT = ("g2e", "g3")


def _result(run: str, name: str, verdict: str | None, **fields: Any) -> SampleEvalResult:
    return SampleEvalResult(
        id=identifier("wfresult", f"{run}/{name}"),
        eval_id=identifier("wfnodeeval", name),
        name=name,
        block_id="read-lease",
        block_type="extract",
        verdict=verdict,
        **fields,
    )


def _equals(expected: Any, actual: Any, label: str = "", **fields: Any) -> dict[str, Any]:
    return {
        "assertion_id": "a1",
        "condition_kind": "equals",
        "expected_value": expected,
        "actual_value": actual,
        "assertion_label": label,
        "failure": None,
        **fields,
    }


def _run(name: str, created_at: str, *results: SampleEvalResult) -> SampleEvalRun:
    return SampleEvalRun(
        id=identifier("wfevalrun", name),
        workflow_id=WORKFLOW_ID,
        workflow_version_id=identifier("ver", name),
        status="completed",
        created_at=created_at,
        started_at=after(created_at, 1),
        completed_at=after(created_at, 31),
        results=results,
    )


def samples() -> tuple[Sample, ...]:
    """Return the sample."""
    differs = {"code": "not_equal", "message": "values differ", "details": None}
    before = _run("leases-before", BEFORE, _result("before", "term in months", "passed"))
    later = _run(
        "leases-after",
        AFTER,
        _result("after", "names the tenant", "passed", assertion=_equals("Orla", "Orla")),
        _result("after", "starts later", "blocked", warnings=("the upstream block failed",)),
        _result(
            "after",
            "term in months",
            "failed",
            assertion=_equals(36, 3, "Term is in months", failure=differs),
        ),
        _result("after", "deposit", "failed", assertion=_equals(1800, None, "Deposit is read")),
        _result(
            "after",
            "long lease",
            None,
            status="error",
            failure=SampleFailure(message="Model did not answer within 120 s"),
        ),
    )
    return (
        Sample(
            "lease-evals",
            "Two of five evals fail after the prompt was changed",
            eval_runs=(before, later),
            generations=FLAT,
        ),
    )
