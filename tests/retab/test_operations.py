"""Which operation an artifact id or a word of the API means."""

import pytest

from retab_mcp.models import Operation
from retab_mcp.retab.operations import (
    ARTIFACT_ID_PREFIXES,
    names_in_paths,
    normal_operation,
    operation_missing,
    operation_of_id,
)
from retab_mcp.retab.routes import OPERATIONS


@pytest.mark.parametrize(
    ("artifact_id", "operation"),
    [
        ("extr_1", "extraction"),
        ("ext_1", "extraction"),
        ("splt_1", "split"),
        ("spl_1", "split"),
        ("clss_1", "classification"),
        ("prs_1", "parse"),
        ("edt_1", "edit"),
        ("prtn_1", "partition"),
        ("prt_1", "partition"),
        ("ceval_1", "conditional_evaluation"),
        ("heval_1", "review_trigger_evaluation"),
        ("fninv_1", "function_invocation"),
        ("func_1", "function_invocation"),
        ("zzz_1", None),
        ("extr", None),
        ("", None),
    ],
)
def test_operation_of_id(artifact_id: str, operation: str | None) -> None:
    assert operation_of_id(artifact_id) == operation


def test_older_names_are_tried_first_in_paths() -> None:
    assert names_in_paths(Operation.SPLIT) == ("split",)
    assert names_in_paths("transcription") == ("transcription",)
    assert names_in_paths(Operation.REVIEW_TRIGGER_EVALUATION) == (
        "hil_evaluation",
        "review_trigger_evaluation",
    )


def test_error_for_an_unknown_operation_names_the_known_ones() -> None:
    error = operation_missing()
    assert error.kind == "invalid_argument"
    assert all(word in error.message for word in Operation)


def test_the_table_has_a_row_for_each_operation() -> None:
    assert set(OPERATIONS) == set(Operation)
    assert len(set(ARTIFACT_ID_PREFIXES)) == len(ARTIFACT_ID_PREFIXES)
    assert all(prefix.endswith("_") for prefix in ARTIFACT_ID_PREFIXES)


@pytest.mark.parametrize("operation", list(Operation))
def test_a_documented_operation_is_a_member(operation: Operation) -> None:
    assert normal_operation(operation.value) is operation


def test_an_older_name_is_translated_and_an_unknown_one_kept() -> None:
    assert normal_operation("hil_evaluation") is Operation.REVIEW_TRIGGER_EVALUATION
    assert normal_operation("transcription") == "transcription"
    assert not isinstance(normal_operation("transcription"), Operation)
