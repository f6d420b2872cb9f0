"""Shortening takes time linear in the length of a text, for any text; so does the body screen."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from retab_mcp.digest.budget import estimate_tokens
from retab_mcp.digest.compact import json_tokens_within
from retab_mcp.digest.digest import digest
from retab_mcp.digest.hidden import may_hold_alike, unseen_difference, visible_form
from retab_mcp.digest.page import first_page
from retab_mcp.digest.pointer import PathError, parse_path, resolve_pointer
from retab_mcp.digest.shape import shape
from retab_mcp.digest.stack_trace import stack_trace
from retab_mcp.digest.text import clip, end_by_pieces, longest_start, looks_like, start_by_pieces
from retab_mcp.safety.body_screen import is_harmless
from tests.safety.test_linear import SHAPES, is_linear, repeated

BUDGET = 300
TRACES = ('File "a.py", line 1, in b\n', "    at a (b:1)\n", "Traceback (most recent call last):\n")


def resolved(path: str) -> None:
    try:
        resolve_pointer({"a": ["b"]}, f"$.{path}")
        parse_path(path)
    except PathError:
        pass


OVER_TEXT: dict[str, Callable[[str], object]] = {
    "estimate_tokens": estimate_tokens,
    "json_tokens_within": lambda text: json_tokens_within([text], BUDGET),
    "stack_trace": stack_trace,
    "longest_start": lambda text: longest_start(text, BUDGET),
    "start_by_pieces": lambda text: start_by_pieces(text, BUDGET),
    "end_by_pieces": lambda text: end_by_pieces(text, BUDGET),
    "clip": lambda text: clip(text, BUDGET),
    "looks_like": looks_like,
    "visible_form": visible_form,
    "unseen_difference": lambda text: unseen_difference(text, f"{text} ", ("one", "other")),
    "parse_path": resolved,
    "digest": lambda text: digest({"a": text}, BUDGET),
    "first_page": lambda text: first_page(text, BUDGET),
    "is_harmless": lambda text: is_harmless(json.dumps({"a": text}).encode()),
}
OVER_ROWS: dict[str, Callable[[Any], object]] = {
    "shape": shape,
    "digest": lambda rows: digest(rows, BUDGET),
    "may_hold_alike": may_hold_alike,
    "first_page": lambda rows: first_page(rows, BUDGET),
    "is_harmless": lambda rows: is_harmless(json.dumps(rows).encode()),
}


@pytest.mark.parametrize("name", OVER_TEXT)
def test_texts_take_linear_time(name: str) -> None:
    for each in (*SHAPES, *TRACES):
        assert is_linear(OVER_TEXT[name], partial(repeated, each)), each


def rows_of(text: str, length: int) -> list[dict[str, str]]:
    """Return rows whose key and value are a text."""
    return [{text: text} for _ in range(length // 8)]


@pytest.mark.parametrize("name", OVER_ROWS)
def test_rows_take_linear_time(name: str) -> None:
    for each in SHAPES:
        assert is_linear(OVER_ROWS[name], partial(rows_of, each)), each


@pytest.mark.parametrize("name", ["item_code{}", "password{}", "na\u200bme{}", "{}"])
def test_many_keys_take_linear_time(name: str) -> None:
    def body(length: int) -> bytes:
        keys = {name.format(number): "password" for number in range(length)}
        return json.dumps(keys, ensure_ascii=False).encode()

    assert is_linear(is_harmless, body)
