"""A scripted assistant finds the labelled facts in no more calls and tokens than before."""

import warnings

import pytest

from benchmarks.assistant import (
    RENEW,
    committed_figures,
    compare,
    figures,
    more_than_one_call,
    promised_outcomes,
)

COMMITTED = committed_figures()


@pytest.mark.parametrize("generation", COMMITTED)
async def test_the_figures_are_not_worse_than_the_committed_ones(generation: str) -> None:
    outcomes = await promised_outcomes(generation)
    worse, better = compare(figures(outcomes), COMMITTED[generation])
    assert not worse, "\n".join([*worse, *more_than_one_call(outcomes)])
    if better:
        warnings.warn(f"better than before, renew with `{RENEW}`: {better}", stacklevel=1)


def test_counts_are_compared_exactly_and_tokens_with_a_margin() -> None:
    tokens = {"tokens_mean": 300, "tokens_median": 200, "tokens_p95": 500}
    known = {"two_calls": 4, "more_calls": 0, "unsolved": 1, **tokens}
    assert compare(known | {"tokens_mean": 314, "tokens_p95": 476}, known) == ([], [])
    assert compare(known | {"unsolved": 2, "tokens_mean": 316}, known) == (
        ["unsolved: 1 -> 2", "tokens_mean: 300 -> 316"],
        [],
    )
    assert compare(known | {"two_calls": 3, "tokens_p95": 400}, known) == (
        [],
        ["two_calls: 4 -> 3", "tokens_p95: 500 -> 400"],
    )
