"""A scripted assistant finds the labelled facts in as few calls and tokens as before."""

import pytest

from benchmarks.assistant import (
    RENEW,
    changes,
    committed_figures,
    figures,
    labelled_outcomes,
    more_than_one_call,
)
from retab_mcp.sandbox.generations import GENERATIONS


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_the_figures_are_the_committed_ones(generation: str) -> None:
    outcomes = await labelled_outcomes(generation)
    changed = changes(figures(outcomes), committed_figures()[generation])
    details = "\n".join(more_than_one_call(outcomes))
    assert not changed, f"if these are better, or meant: {RENEW}\n{changed}\n{details}"


def test_changes_name_what_differs_and_allow_a_few_tokens() -> None:
    known = {"unsolved": 2, "tokens_mean": 300}
    assert changes({"unsolved": 2, "tokens_mean": 305}, known) == []
    assert changes({"unsolved": 3, "tokens_mean": 307}, known) == [
        "unsolved: 2 -> 3",
        "tokens_mean: 300 -> 307",
    ]
    assert changes({"unsolved": 1, "calls": 4}, known) == ["unsolved: 2 -> 1", "calls: None -> 4"]
