import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from retab_mcp.digest.budget import estimate_tokens
from retab_mcp.digest.compact import json_tokens
from retab_mcp.digest.text import clip, end_by_pieces, longest_start, looks_like
from tests.digest.strategies import LONG_TEXTS


def test_a_short_text_is_not_cut() -> None:
    assert clip("total is missing", 50) == "total is missing"


def test_a_long_text_keeps_start_and_end_and_counts_what_is_cut() -> None:
    text = " ".join(f"word{n}" for n in range(2000))
    assert clip(text, 40) == snapshot(
        "word0 word1 word2 word3 word4 word5 word6 w… (+16825 characters) …997 word1998 word1999"
    )


@settings(max_examples=100, deadline=None)
@given(LONG_TEXTS | st.text(max_size=400), st.integers(20, 120))
def test_a_cut_text_fits_its_budget_and_counts_exactly(text: str, most: int) -> None:
    cut = clip(text, most)
    assert estimate_tokens(cut) <= most
    if cut != text:
        start, rest = cut.split("… (+", 1)
        missing, end = rest.split(" characters)", 1)
        end = end.removeprefix(" …")
        assert text.startswith(start)
        assert text.endswith(end)
        assert len(start) + int(missing) + len(end) == len(text)


@settings(max_examples=100, deadline=None)
@given(LONG_TEXTS | st.text(max_size=400), st.integers(1, 200))
def test_starts_and_ends_fit_their_budget(text: str, budget: int) -> None:
    start = longest_start(text, budget)
    assert text.startswith(start)
    assert not start or json_tokens(start) <= budget
    assert text.endswith(end_by_pieces(text, budget))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("data:application/pdf;base64,JVBERi0xLjcK", "data_url"),
        ("JVBERi0xLjcKJeLjz9MK" * 20, "base64"),
        ('{"total": 1}', "json"),
        ("  [1, 2]\n", "json"),
        ("<!DOCTYPE html><html></html>", "html"),
        ("<table><tr><td>1</td></tr></table>", "html"),
        ('<?xml version="1.0"?><a/>', "xml"),
        ("The total is missing.", None),
        ("{not json", None),
        ("a" * 500, None),
        ("run_V1StGXR8Z5jdHi6BmyT", None),
        ("", None),
        ("a < b and c > d", None),
    ],
)
def test_what_a_text_looks_like(text: str, kind: str | None) -> None:
    assert looks_like(text) == kind


@given(st.text(max_size=200))
def test_any_text_is_accepted(text: str) -> None:
    looks_like(text)
