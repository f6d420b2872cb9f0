"""What to do about a failure, by what the failed step has."""

import pytest

from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.analysis.configuration.advice import suggestion_by_schema, suggestion_by_values
from retab_mcp.analysis.lineage.suspicious_inputs import Suspicion
from retab_mcp.models import ArtifactRef, FailureKind, StepSummary


def cause(message: str, kind: str, *, of: str = "function", artifact: str = "") -> RootCause:
    ref = ArtifactRef(operation="function_invocation", id=artifact) if artifact else None
    step = StepSummary(
        run_id="run_1", step_id="s", block_id="s", type=of, status="error", artifact=ref
    )
    return RootCause(
        step=step,
        message=message,
        kind=FailureKind(kind),
        suggestion="as ever",
        reasons=(),
        stage=None,
        category=None,
    )


def unseen(value: str) -> Suspicion:
    return Suspicion("/handle_inputs/in/data/etat", "contains U+001B", value, 1)


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("ValueError: unknown status 'PAID'", "function_exception"),
        ('422: "PAID" is not a state', "called_api_refused"),
        ("no branch for `PAID`", "routing"),
    ],
)
def test_a_quoted_value_with_invisible_characters_is_to_be_cleaned(message: str, kind: str) -> None:
    said = suggestion_by_values(cause(message, kind), [unseen("PAID")], has_inputs=True)
    assert "invisible characters (U+001B) from etat" in said


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("ValueError: unknown status 'OPEN'", "function_exception"),
        ("KeyError: 'PAIDUP'", "function_exception"),
        ("503 'PAID'", "called_api_down"),
    ],
)
def test_other_values_and_failures_keep_their_suggestion(message: str, kind: str) -> None:
    said = suggestion_by_values(cause(message, kind), [unseen("PAID")], has_inputs=True)
    assert said == "as ever"


def test_only_what_is_recorded_is_to_be_read() -> None:
    unknown = cause("An unexpected error occurred", "unknown")
    assert "nor inputs" in suggestion_by_values(unknown, (), has_inputs=False)
    assert "artifact" not in suggestion_by_values(unknown, (), has_inputs=True)
    recorded = cause("An unexpected error occurred", "unknown", artifact="fn_1")
    assert suggestion_by_values(recorded, (), has_inputs=True) == "as ever"


def test_an_extraction_is_told_the_field_or_the_type() -> None:
    absent = cause("row 1: 'valid_until' is a required property", "schema_violation", of="extract")
    assert "valid_until" in suggestion_by_schema(absent)
    other = cause("total: '1,5' is not of type 'number'", "schema_violation", of="extract")
    assert "as number" in suggestion_by_schema(other)
    of_function = cause("'total' is a required property", "schema_violation")
    assert suggestion_by_schema(of_function) == "as ever"
