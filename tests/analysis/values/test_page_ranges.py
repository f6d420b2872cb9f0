"""Page numbers in short form."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.analysis.values.page_ranges import page_numbers, pages_between, short_pages

PAGES = st.lists(st.integers(1, 300), max_size=60)


def _read(text: str) -> set[int]:
    """Return the pages of a short form."""
    runs = [run.split("-") for run in text.split(",") if run]
    return {page for run in runs for page in range(int(run[0]), int(run[-1]) + 1)}


def test_consecutive_pages_are_joined() -> None:
    assert short_pages([4, 2, 3, 7]) == "2-4,7"
    assert short_pages([]) == ""
    assert short_pages([5, 5]) == "5"


@given(PAGES)
def test_short_form_has_the_same_pages(pages: list[int]) -> None:
    assert _read(short_pages(pages)) == set(pages)


@given(PAGES, st.integers(1, 400))
def test_gaps_are_the_missing_pages(pages: list[int], last: int) -> None:
    assert _read(pages_between(pages, last)) == set(range(1, last + 1)) - set(pages)


def test_huge_page_number_costs_nothing() -> None:
    start = time.process_time()
    assert pages_between([1, 10**15], 10**15) == "2-999999999999999"
    assert time.process_time() - start < 1


def test_only_whole_numbers_are_pages() -> None:
    assert page_numbers([1, "2", None, True, 2.5, 3]) == [1, 3]
    assert page_numbers("1-3") == []


@pytest.mark.parametrize(
    ("pages", "last", "gaps"),
    [
        ([2, 3], 4, "1,4"),
        ([1, 4], 6, "2-3,5-6"),
        ([], 3, "1-3"),
        ([1, 2, 3], 3, ""),
        ([0, 9, -1, 2, 2], 3, "1,3"),
        ([3], 3, "1-2"),
    ],
)
def test_gaps_in_short_form(pages: list[int], last: int, gaps: str) -> None:
    assert pages_between(pages, last) == gaps
