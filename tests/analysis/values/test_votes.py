"""Votes of a consensus."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.analysis.values.votes import Vote, count_votes, disagreements

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=15,
)


def test_the_most_disputed_comes_first() -> None:
    choices = [
        {"total": 100, "name": "A", "same": 1},
        {"total": 200, "name": "A", "same": 1},
        {"total": 300, "name": "B", "same": 1},
    ]
    found = disagreements(choices, 10, "/output")
    assert found.count == 2
    assert [place.path for place in found.worst] == ["/output/total", "/output/name"]
    assert found.worst[1].votes == [Vote("A", 2), Vote("B", 1)]


def test_missing_field_is_not_null() -> None:
    found = disagreements([{"a": None}, {}], 10, "")
    assert found.worst[0].votes == [Vote(None, 1), Vote(None, 1, absent=True)]


def test_lists_of_different_lengths_are_one_disagreement() -> None:
    found = disagreements([{"lines": [1, 2]}, {"lines": [1, 2, 3]}], 10, "")
    assert [place.path for place in found.worst] == ["/lines"]


def test_one_and_one_point_zero_are_the_same_vote() -> None:
    assert count_votes([1, 1.0]) == [Vote(1, 2)]


def test_fewer_than_two_votes_cannot_disagree() -> None:
    assert disagreements([{"a": 1}], 10, "").count == 0
    assert disagreements([], 10, "").count == 0


def test_deep_nesting_is_read() -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = {"a": deep}
    assert disagreements([deep, deep], 1, "").count == 0


@given(JSON, st.integers(2, 5))
def test_equal_votes_agree(value: Any, readers: int) -> None:
    assert disagreements([value] * readers, 10, "").count == 0


@given(st.lists(JSON, min_size=2, max_size=4))
def test_no_vote_is_lost(choices: list[Any]) -> None:
    assert sum(vote.count for vote in count_votes(choices)) == len(choices)
