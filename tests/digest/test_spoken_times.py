"""Lengths of time are written as people say them."""

import pytest

from retab_mcp.digest.spoken_times import spoken_ms


@pytest.mark.parametrize(
    ("ms", "said"),
    [
        *((0, "0 ms"), (999, "999 ms"), (1_400, "1.4 s"), (9_960, "9.9 s"), (59_999, "59 s")),
        *((60_000, "1 min"), (188_000, "3 min 8 s"), (7_260_000, "2 h 1 min")),
        *((86_400_000, "1 day"), (90_000_000, "1 day 1 h"), (9_226_501_641, "106 days")),
        *((1_000, "1 s"), (9_999, "9.9 s"), (10_000, "10 s"), (3_600_000, "1 h")),
        *((3_599_999, "59 min 59 s"), (86_399_999, "23 h 59 min"), (172_800_000, "2 days")),
        *((863_999_999, "9 days 23 h"), (864_000_000, "10 days"), (885_600_000, "10 days")),
    ],
)
def test_time_in_one_or_two_units(ms: int, said: str) -> None:
    assert spoken_ms(ms) == said
