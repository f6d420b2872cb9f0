import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from retab_mcp.digest.budget import estimate_tokens
from retab_mcp.digest.compact import json_tokens
from retab_mcp.digest.text import (
    clip,
    end_by_pieces,
    longest_start,
    looks_like,
    start_by_pieces,
)
from tests.digest.languages import PARAGRAPHS
from tests.digest.samples import KINDS
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
        ("data: none, sorry", None),
        ("see data:text/plain,1", None),
        ("[1, 2", None),
        ("1, 2]", None),
        ("<TABLE class='a'>", "html"),
        ("<p>Total</p>", "html"),
        ("<pre>Total</pre>", None),
        ("text <p>", None),
        ("<?php echo 1;", None),
        (" \n<?xml version='1.0'?>", "xml"),
        ("JVBERi0xLjcKJeLj" * 4, "base64"),
        (("JVBERi0xLjcKJeLj" * 4)[:-1], None),
        ("JVBERi0xLjcKJeLj" * 4 + "==", "base64"),
        ("JVBERi0xLjcKJeLj" * 4 + "===", None),
        ("jvberi0xljckjelj" * 4, None),
        ("JVBERiKxLjcKJeLj" * 4, None),
        ("JVBERi0x LjcKJeLj" * 9, None),
    ],
)
def test_what_a_text_looks_like(text: str, kind: str | None) -> None:
    assert looks_like(text) == kind


def test_a_text_is_cut_only_if_it_takes_too_many_tokens() -> None:
    text = "The supplier sent no total. " * 9
    assert clip(text, estimate_tokens(text)) == text
    assert clip(text, estimate_tokens(text) - 1) != text


@pytest.mark.parametrize("most", [16, 20, 30, 60, 120])
def test_a_cut_text_uses_most_of_its_tokens(most: int) -> None:
    text = "".join(f"Line {n} has no total. " for n in range(900))
    cut = clip(text, most)
    assert most * 0.75 - 4 <= estimate_tokens(cut) <= most
    start, end = cut.split("… (+")[0], cut.split("characters)")[1]
    # At most sixty characters are too few to be divided.
    assert bool(end) == (len(start + end.removeprefix(" …")) > 60)
    if end:
        assert 1.9 <= len(start) / (len(end) - 2) <= 2.1


@pytest.mark.parametrize("most", [40, 80, 120])
def test_a_cut_text_fits_if_its_end_takes_more_tokens_than_its_start(most: int) -> None:
    text = "The supplier sent no total. " * 20 + PARAGRAPHS["hindi"] * 3
    cut = clip(text, most)
    assert most * 0.7 <= estimate_tokens(cut) <= most
    assert cut.endswith(text[-3:])


@pytest.mark.parametrize(("kind", "budget"), [("lines", 800), ("amharic", 2000), ("vectors", 450)])
def test_the_longest_start_fits_where_its_pieces_together_take_more(kind: str, budget: int) -> None:
    text = "".join(KINDS[kind](random.Random(n)) for n in range(20))
    assert json_tokens(start_by_pieces(text, budget)) > budget
    start = longest_start(text, budget)
    assert text.startswith(start)
    assert budget * 0.9 <= json_tokens(start) <= budget


@pytest.mark.parametrize("budget", [1, 2, 7, 30, 60, 90])
def test_no_longer_start_fits(budget: int) -> None:
    text = "".join(f"Line {n} has no total. " for n in range(900))
    start = start_by_pieces(text, budget)
    assert text.startswith(start)
    assert json_tokens(start) <= budget or not start
    assert json_tokens(text[: len(start) + 1]) > budget
    assert longest_start(text, budget) == start


@pytest.mark.parametrize("budget", [200, 1000, 5000])
def test_long_starts_and_ends_use_most_of_their_budget(budget: int) -> None:
    text = "".join(f"Line {n} has no total. " for n in range(9000))
    for part in (longest_start(text, budget), end_by_pieces(text, budget)):
        assert 0.85 * budget <= json_tokens(part) <= budget * 1.1
    assert longest_start(text[:300], budget) == text[:300]
    assert end_by_pieces(text[:300], budget) == text[:300]


@pytest.mark.parametrize("budget", [0, -5])
def test_nothing_fits_no_budget(budget: int) -> None:
    assert end_by_pieces("no total", budget) == ""
    assert longest_start("no total", budget) == ""
    assert longest_start("", budget) == ""


@given(st.text(max_size=200))
def test_any_text_is_accepted(text: str) -> None:
    looks_like(text)
