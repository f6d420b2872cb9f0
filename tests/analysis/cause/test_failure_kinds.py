"""The catalogue of failure kinds."""

import re

import pytest

from retab_mcp.analysis.cause.failure_kinds import CATALOGUE, kind_of_status
from retab_mcp.models import FailureKind


def test_every_kind_has_an_explanation_and_a_suggestion() -> None:
    assert set(CATALOGUE) == set(FailureKind)
    for text in CATALOGUE.values():
        assert re.fullmatch(r"[A-Z][^\n]{10,110}\.", text.explanation)
        assert re.fullmatch(r"[A-Z][^\n]{10,110}\.", text.suggestion)


def test_a_status_below_400_is_no_failure() -> None:
    assert kind_of_status(200) is None
    assert kind_of_status(302) is None


@pytest.mark.parametrize(
    ("kind", "to_do"),
    [
        ("credentials", "Renew or replace the credentials"),
        ("called_api_down", "Check that the called service is up"),
        ("called_api_refused", "Compare the request that was sent"),
        ("rate_limited", "Send fewer requests"),
        ("credits_exhausted", "Add credits or raise the quota"),
        ("timeout", "Check if the called service is slow"),
        ("document_unreadable", "Open the document"),
        ("schema_violation", "Compare the data with the schema"),
        ("missing_input", "Check which block each input handle is connected to"),
        ("function_exception", "Read the function's code"),
        ("loop_limit", "Check why the exit condition never held"),
    ],
)
def test_what_to_do_begins_with_the_first_thing_to_look_at(kind: str, to_do: str) -> None:
    assert CATALOGUE[FailureKind(kind)].suggestion.startswith(to_do)
