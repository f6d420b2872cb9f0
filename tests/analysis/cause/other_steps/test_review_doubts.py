"""The values whose likelihood sent a step to a person."""

import pytest

from retab_mcp.analysis.cause.other_steps.review_doubts import doubtful_values
from retab_mcp.models import Artifact, Json, Review

OUTPUT = {"total": 98.5, "lines": [{"sku": "A"}, {"sku": "B"}]}
LIKELIHOODS = {"total": 0.55, "lines": [{"sku": 0.97}, {"sku": 0.7}]}
BY_LIKELIHOOD = {"kind": "confidence_lt", "threshold": 0.9}


def doubts(trigger: dict[str, Json], likelihoods: Json = LIKELIHOODS) -> dict[str, Json]:
    data = {"output": OUTPUT, "consensus": {"likelihoods": likelihoods}}
    record = Artifact(id="a", operation="extraction", data=data)
    review = Review(id="rev_1", run_id="run_1", block_id="read", triggered_by=trigger)
    return doubtful_values(review, record)


@pytest.mark.parametrize(
    "trigger",
    [
        BY_LIKELIHOOD,
        {"kind": "any_of", "predicates": [{"kind": "always"}, BY_LIKELIHOOD]},
    ],
)
def test_values_under_the_limit_are_named(trigger: dict[str, Json]) -> None:
    assert doubts(trigger)["below_limit"] == {
        "limit": 0.9,
        "count": 2,
        "lowest": [
            {"path": "/output/total", "value": 98.5, "likelihood": 0.55},
            {"path": "/output/lines/1/sku", "value": "B", "likelihood": 0.7},
        ],
    }


@pytest.mark.parametrize(
    "trigger",
    [
        {"kind": "always"},
        {"kind": "confidence_lt", "threshold": 0.5},
        {"kind": "confidence_lt", "threshold": "high"},
        {"kind": "top_margin_lt", "threshold": 0.9},
        {},
    ],
)
def test_other_reviews_name_no_value(trigger: dict[str, Json]) -> None:
    assert doubts(trigger) == {}


def test_nothing_is_named_without_likelihoods_or_record() -> None:
    assert doubts(BY_LIKELIHOOD, None) == {}
    review = Review(id="rev_1", run_id="run_1", block_id="read", triggered_by=BY_LIKELIHOOD)
    assert doubtful_values(review, None) == {}
    assert doubtful_values(None, None) == {}
