"""The catalogue of failure kinds."""

import re

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
