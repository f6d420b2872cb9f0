"""What to do about a failure, by what the failed step has."""

from dataclasses import replace

import pytest

from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.analysis.configuration.advice import (
    suggestion_by_code,
    suggestion_by_schema,
    suggestion_by_values,
)
from retab_mcp.analysis.lineage.suspicious_inputs import Suspicion
from retab_mcp.models import ArtifactRef, ErrorDetails, FailureKind, StepSummary


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


@pytest.mark.parametrize("of", ["extract", "extraction", "extractor"])
def test_every_block_that_reads_documents_is_told(of: str) -> None:
    absent = cause("'due' is a required property", "schema_violation", of=of)
    assert suggestion_by_schema(absent) == (
        "Look for due in the document: if it is there, describe in the schema where to find it; if"
        " documents may lack it, make it optional."
    )
    for message in (
        "Input should be a valid number",
        "Input should be an number",
        "not of type number",
    ):
        other = cause(f"total: is {message}", "schema_violation", of=of)
        assert suggestion_by_schema(other) == (
            "Say in the field's description how to write the value as number, or allow what the"
            " document has in the schema."
        )
    vague = cause("it does not fit", "schema_violation", of=of)
    assert suggestion_by_schema(vague) == "as ever"
    other_kind = cause("'due' is a required property", "function_exception", of=of)
    assert suggestion_by_schema(other_kind) == "as ever"


def test_a_function_without_code_is_to_be_opened() -> None:
    failed = cause("KeyError: 'x'", "function_exception")
    opened = suggestion_by_code(failed, has_code=False)
    assert opened.startswith("Open the block in Retab and compare its code")
    traced = replace(failed, evidence={"stack_trace": {"frames": []}})
    by_line = suggestion_by_code(traced, has_code=False)
    assert by_line.startswith("Open the block's code in Retab")
    by_details = replace(failed, details=ErrorDetails(stack_trace="x"))
    assert suggestion_by_code(by_details, has_code=False) == by_line
    assert suggestion_by_code(failed, has_code=True) == "as ever"
    assert suggestion_by_code(cause("x", "timeout"), has_code=False) == "as ever"


def test_a_name_that_is_near_is_the_one_to_use() -> None:
    absent = {"absent_key": {"key": "total", "nearest": "total_amount"}}
    failed = replace(cause("KeyError: 'total'", "function_exception"), evidence=absent)
    assert suggestion_by_code(failed, has_code=True) == (
        "The function reads total, its input has total_amount: use the same name in the function"
        " and in the step before it."
    )
    unknown = replace(failed, evidence={"absent_key": {"key": "total"}})
    assert suggestion_by_code(unknown, has_code=True) == "as ever"
