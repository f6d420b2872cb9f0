"""How long blocks ran in two runs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from retab_mcp.analysis.time_account.block_durations import BlockDuration, block_durations
from retab_mcp.models import Review, StepSummary
from tests.analysis.conftest import BEGIN

Make = Callable[..., StepSummary]


def review(begun: float, ended: float) -> Review:
    return Review(
        id="rev_1",
        run_id="run_1",
        block_id="a",
        created_at=BEGIN + timedelta(seconds=begun),
        decided_at=BEGIN + timedelta(seconds=ended),
        verdict="approved",
    )


@pytest.mark.parametrize(
    ("mine", "theirs", "differ"),
    [
        (2, 1, True),
        (1, 2, True),
        (1.9, 1, False),
        (1.999, 0.999, True),
        (3.9, 2, False),
        (4, 2, True),
    ],
)
def test_twice_as_long_and_a_second_more_is_a_difference(
    make_step: Make, mine: float, theirs: float, differ: bool
) -> None:
    found = block_durations([(make_step("a", 0, mine), make_step("a", 0, theirs))])
    expected = BlockDuration("a", round(mine * 1000), round(theirs * 1000))
    assert found == ((expected,) if differ else ())


def test_the_largest_difference_comes_first_and_overlaps_count_once(make_step: Make) -> None:
    pairs = [
        (make_step("a", 0, 5), make_step("a", 0, 1)),
        (make_step("b", 0, 5), make_step("b", 0, 20)),
        (make_step("a", 3, 5), make_step("a", 5, 1)),
    ]
    assert block_durations(pairs) == (
        BlockDuration("b", 5_000, 20_000),
        BlockDuration("a", 8_000, 2_000),
    )


def test_waiting_for_a_review_does_not_count(make_step: Make) -> None:
    pairs = [(make_step("a", 0, 60), make_step("a", 0, 9))]
    assert block_durations(pairs, [review(10, 60)]) == ()
    assert block_durations(pairs, (), [review(0, 9)]) == (BlockDuration("a", 60_000, 0),)
    loops = [(make_step("each", 0, 60, type="for_each"), make_step("each", 0, 9, type="for_each"))]
    assert block_durations(loops, [review(10, 60)]) == ()


def test_steps_without_times_count_as_long_as_they_say(make_step: Make) -> None:
    def step(ms: int | None, **fields: Any) -> StepSummary:
        return make_step("a", None, duration_ms=ms, **fields)

    pairs = [(step(3_000), step(1_000)), (make_step("a", 0, 3), make_step("a", 0, 1))]
    assert block_durations(pairs) == (BlockDuration("a", 6_000, 2_000),)
    assert block_durations([(step(9_000), step(None))]) == ()
