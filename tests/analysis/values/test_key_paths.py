"""Paths of conditions, and where in a value they lead nowhere."""

from typing import Any

import pytest

from retab_mcp.analysis.values.key_paths import (
    AbsentKey,
    absent_key,
    leads_somewhere,
    path_names,
)

ORDER = {"lines": [{"price": None}, {"price": 2, "tax": 1}], "buyer": {"name": "A"}, "none": []}


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("$.lines[0].total", ["lines", "0", "total"]),
        ("lines[*].total", ["lines", "*", "total"]),
        ("$['unit price'].x", ["unit price", "x"]),
        ('$["unit price"]', ["unit price"]),
        ("$", []),
        ("a.$.b", ["a", "$", "b"]),
    ],
)
def test_a_path_is_read_into_its_names(path: str, names: list[str]) -> None:
    assert path_names(path) == names


@pytest.mark.parametrize(
    ("path", "name", "record"),
    [
        ("total", "total", ORDER),
        ("buyer.vat", "vat", ORDER["buyer"]),
        ("lines.tax", "tax", {"price": None}),
        ("lines[*].tax", "tax", {"price": None}),
        ("lines[1].net", "net", {"price": 2, "tax": 1}),
        ("lines[7].tax", "tax", {"price": None}),
    ],
)
def test_the_first_key_that_is_not_there_is_named_with_its_object(
    path: str, name: str, record: Any
) -> None:
    assert absent_key(path_names(path), ORDER) == AbsentKey(name, record)
    assert not leads_somewhere(path_names(path), ORDER)


@pytest.mark.parametrize(
    "path", ["", "lines", "lines[0].price", "lines[1].tax", "lines[*].price", "lines.price"]
)
def test_a_key_that_is_there_is_not_absent_even_if_null(path: str) -> None:
    assert absent_key(path_names(path), ORDER) is None
    assert leads_somewhere(path_names(path), ORDER)


@pytest.mark.parametrize("path", ["buyer.name.first", "none[0].a", "none.a", "lines[0].price.net"])
def test_a_path_that_ends_at_no_object_names_nothing(path: str) -> None:
    assert absent_key(path_names(path), ORDER) is None
    assert not leads_somewhere(path_names(path), ORDER)


def test_an_index_beyond_the_end_leads_nowhere() -> None:
    assert not leads_somewhere(["lines", "2"], ORDER)
    assert leads_somewhere(["lines", "1"], ORDER)
