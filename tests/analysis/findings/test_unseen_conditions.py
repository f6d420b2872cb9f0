"""Conditions that were decided by what nobody can see."""

from collections.abc import Callable
from typing import Any

import pytest

from retab_mcp.analysis.findings import find_in_run
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.models import Artifact, StepSummary
from retab_mcp.safety.sanitize import sanitize

Make = Callable[..., StepSummary]
OTHER = {"condition_id": "o", "operator": "is_true", "actual": True, "matched": True}


def said_of(make_step: Make, *evaluations: dict[str, Any]) -> list[str]:
    step = make_step("route", type="conditional")
    data = sanitize({"evaluations": [*evaluations, OTHER]}).value
    artifact = Artifact(id="ceval_1", operation="conditional_evaluation", data=data)
    found = find_in_run(RunFacts((step,), artifacts={step.step_id: artifact}))
    return [f"{one.kind}: {one.message}" for one in found]


def condition(operator: str, expected: Any, actual: Any, **fields: Any) -> dict[str, Any]:
    return {
        "path": "$.party.country",
        "operator": operator,
        "expected": expected,
        "actual": actual,
        "matched": False,
        **fields,
    }


@pytest.mark.parametrize(
    ("evaluation", "unseen"),
    [
        (condition("is_equal_to", "DE", "DE\u200b"), "U+200B"),
        (condition("is_equal_to", "DE", "DE "), "ends with a space"),
        (condition("is_not_equal_to", "DE", "D\u0415", matched=True), "U+0415"),
        (condition("contains", "Port Louis", "to Port\u00a0Louis, MU"), "U+00A0"),
        (condition("starts_with", "AB-", "\u0410B-17"), "U+0410"),
        (condition("ends_with", "GmbH", "Acme Gmb\u200bH"), "U+200B"),
        (condition("contains", "DE", ["FR", "DE\u2060"]), "U+2060"),
        (condition("is_one_of", ["FR", "DE"], "DE\ufeff"), "U+FEFF"),
        (
            condition(
                "and", None, None, sub_evaluations=[condition("is_equal_to", "A", "A\u200b")]
            ),
            "U+200B",
        ),
        (
            condition("is_equal_to", "A", None, items=[{"index": 0, "actual": "A\u200b"}]),
            "U+200B",
        ),
    ],
)
def test_what_decided_is_named(make_step: Make, evaluation: dict[str, Any], unseen: str) -> None:
    (said,) = said_of(make_step, evaluation)
    assert said.startswith("hidden_characters: ")
    assert unseen in said


@pytest.mark.parametrize(
    "evaluation",
    [
        condition("is_equal_to", "DE", "FR\u200b"),
        condition("is_equal_to", "DE", "de"),
        condition("is_equal_to", "DE\u200b", "DE\u200b", matched=True),
        condition("is_equal_to", "DE", "DE\u200b", matched=True),
        condition("is_not_equal_to", "DE", "FR", matched=True),
        condition("contains", "GmbH", "Acme\u00a0AG"),
        condition("contains", "DE", ["FR", "AT\u200b"]),
        condition("is_one_of", ["DE", "DE\u200b"], "FR"),
        condition("is_equal_to", "Z\u00fcrich", "Zurich"),
        condition("starts_with", "B", "\u0410B"),
    ],
)
def test_nothing_is_said_of_others(make_step: Make, evaluation: dict[str, Any]) -> None:
    assert said_of(make_step, evaluation) == []


@pytest.mark.parametrize(
    ("retries", "attempts", "count"), [(2, 3, 0), (4, 3, 1), (0, 3, 0), (2, 1, 0), (1, 4, 1)]
)
def test_retries_and_attempts_that_differ(
    make_step: Make, retries: int, attempts: int, count: int
) -> None:
    step = make_step("call", type="api_call", retry_count=retries)
    data = {"attempts": [{"response_status": 200}] * attempts}
    artifact = Artifact(id="apiinv_1", operation="api_call_invocation", data=data)
    found = find_in_run(RunFacts((step,), artifacts={step.step_id: artifact}))
    assert sum(one.kind == "sources_differ" for one in found) == count


def test_an_item_that_reads_the_same_and_is_the_same_decides_nothing(make_step: Make) -> None:
    assert said_of(make_step, condition("is_one_of", ["DE", "DE\u200b"], "DE")) == []
    (said,) = said_of(make_step, condition("is_one_of", [7, "DE"], "DE\u200b"))
    assert "U+200B" in said
    assert said_of(make_step, condition("is_one_of", [7, None], "DE\u200b")) == []
