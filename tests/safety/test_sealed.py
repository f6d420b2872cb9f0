"""A sealed value shows nothing but its size and a digest until it is opened, then what is safe."""

import copy
import json
import pickle
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.analysis.search.search_query import SearchQuery
from retab_mcp.safety import sealed as sealed_module
from retab_mcp.safety.sanitize import sanitize
from retab_mcp.safety.sealed import Sealed

SECRET = "sk_live_abcdefghijklmnop1234"


def seal(value: Any) -> Sealed:
    return Sealed(msgspec.Raw(json.dumps(value).encode()))


def lacks(sealed: Sealed, query: SearchQuery) -> bool:
    return Sealed.lacking([sealed], query.in_json)[0]


@pytest.mark.parametrize(
    "value",
    [
        {"password": "correct horse 7 battery"},
        {"note": f"use {SECRET}"},
        [["X-Api-Key", "d41d8cd98f00b204e9800998ecf8427e"]],
        "zero\u200bwidth",
        {"plain": [1, 2.5, None, True, "Müller"]},
    ],
)
def test_opening_gives_what_sanitizing_gives(value: Any) -> None:
    assert seal(value).open() == sanitize(value).value


def test_the_digest_tells_values_apart_and_shows_none_of_them() -> None:
    assert seal([SECRET]).digest == seal([SECRET]).digest
    assert seal([SECRET]).digest != seal([SECRET, 1]).digest
    assert SECRET.encode() not in seal(SECRET).digest


def test_many_values_are_opened_as_each_alone() -> None:
    values: list[Any] = [{"password": "correct horse 7 battery"}, [], "zero\u200bwidth", {"a": 1.5}]
    assert Sealed.open_all([seal(value) for value in values]) == [
        seal(value).open() for value in values
    ]


def test_only_the_size_and_a_digest_can_be_read_before_opening() -> None:
    sealed = seal({"note": SECRET})
    assert SECRET not in repr(sealed)
    assert SECRET not in str(sealed)
    assert not hasattr(sealed, "__dict__")
    readable = {name for name in dir(sealed) if not name.startswith("_")}
    assert readable == {"open", "open_all", "is_empty", "lacking", "passes_on", "size", "digest"}
    takers: tuple[Any, ...] = (bytes, list, memoryview, dict)
    for take in takers:
        with pytest.raises(TypeError):
            take(sealed)


@pytest.mark.parametrize("write", [copy.copy, copy.deepcopy, pickle.dumps, json.dumps])
def test_a_sealed_value_is_never_written(write: Any) -> None:
    with pytest.raises(TypeError):
        write(seal(SECRET))


@pytest.mark.parametrize("value", [None, {}, [], ""])
def test_empty_values_are_known_unopened(value: Any) -> None:
    assert seal(value).is_empty
    assert not seal([value]).is_empty


def test_opening_several_at_once_gives_the_same() -> None:
    values = [{"password": "correct horse 7"}, {"note": SECRET}, {"a": 1}]
    sealed = [seal(value) for value in values]
    assert Sealed.open_all(sealed) == [one.open() for one in sealed]


TEXTS = st.text(alphabet='aB1é"\\\n\t/ü \u200b', min_size=1, max_size=4)
VALUES = st.recursive(
    TEXTS | st.integers(-99, 99) | st.floats() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@given(VALUES, TEXTS | st.sampled_from(("0.1", "1e-5", "100.0", "-0", "NaN", "e+", "null")))
def test_what_has_a_hit_is_never_lacking_it(value: Any, text: str) -> None:
    sealed = seal(value)
    query = SearchQuery(text)
    if lacks(sealed, query):
        assert not list(query.hits(sealed.open()))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        *(("1e2", "100.0"), ("0.00001", "1e-5"), ("0.09999999999999999999", "0.1")),
        *(("1.50", "1.5"), ("12", "12")),
    ],
)
def test_numbers_are_never_lacking_as_python_writes_them(number: str, text: str) -> None:
    assert not lacks(Sealed(msgspec.Raw(f"[{number}]".encode())), SearchQuery(text))


def test_what_is_not_there_is_lacking() -> None:
    query = SearchQuery("SKU-1")
    assert lacks(seal({"sku": "SKU-2", "price": 1.5}), query)
    assert not lacks(seal({"sku": "sku-1", "price": 1.5}), query)
    assert not lacks(seal({"sku": "SKU-2", "password": "hunter2"}), query)


def test_many_values_are_searched_as_each_alone() -> None:
    query = SearchQuery("SKU-1")
    values: list[Any] = [
        {"sku": "SKU-2"},
        {"sku": "SKU-1"},
        {"password": "hunter2"},
        [],
        "x" * 90_000,
    ]
    sealed = [seal(value) for value in [*values, *values[::-1]]]
    assert Sealed.lacking(sealed, query.in_json) == [lacks(one, query) for one in sealed]
    assert Sealed.lacking(sealed[3:5], query.in_json) == [True, True]


@pytest.mark.parametrize(
    ("given", "made", "same"),
    [
        ({"in": {"data": {"a": 1}}}, {"out": {"type": "json", "data": {"a": 1}}}, True),
        ({"in": {"data": {"a": 1}}}, {"out": {"data": {"a": 1.0}}}, False),
        ({"in": {"data": 1}, "other": {"data": 1}}, {"out": {"data": 1}}, False),
        ({"in": {"data": None}}, {"out": {"data": None}}, False),
        ({"in": {"document": {}}}, {"out": {"document": {}}}, False),
        ({"in": 1}, {"out": 1}, False),
        ({}, {}, False),
        ([1], [1], False),
    ],
)
def test_the_same_data_in_another_handle_is_known_unopened(
    given: Any, made: Any, same: bool
) -> None:
    assert seal(made).passes_on(seal(given), "data") is same


def test_values_screened_together_are_screened_as_each_alone() -> None:
    values: list[Any] = [
        *({"plain": "a"}, {"a": 1}, ["X-Api-Key"], [SECRET], {"note": "password:"}, "hunter2"),
        *({"password": "hunter2 and more"}, {"b": [2]}),
    ]
    together = [seal(value) for value in values]
    assert Sealed.open_all(together) == [seal(value).open() for value in values]


def test_what_is_known_to_be_harmless_is_not_read_again() -> None:
    raw = msgspec.Raw(json.dumps({"password": "hunter2"}).encode())
    assert Sealed(raw, is_harmless=True).open() == {"password": "hunter2"}
    assert Sealed(raw).open() == {"password": "[redacted]"}
    both = Sealed.open_all([Sealed(raw), Sealed(raw, is_harmless=True)])
    assert both == [{"password": "[redacted]"}, {"password": "hunter2"}]


@pytest.mark.parametrize("value", [True, 0, [0], "a", {"": 0}, [[]]])
def test_small_values_are_not_empty(value: Any) -> None:
    assert not seal(value).is_empty


def test_the_size_is_that_of_the_json() -> None:
    assert seal({"a": 1}).size == 8
    assert repr(seal({"a": 1})) == "<sealed, 8 bytes>"
    assert len(seal({"a": 1}).digest) == 16


@pytest.mark.parametrize("most", [1, 30, 60, 10_000])
def test_values_are_read_in_batches_of_any_size(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_module, "_SEARCHED_BYTES", most)
    monkeypatch.setattr(sealed_module, "PIECE_BYTES", most)
    values: list[Any] = [{"sku": f"SKU-{n % 3}", "note": "x" * (7 * n)} for n in range(9)]
    values.insert(4, {"password": "hunter2"})
    query = SearchQuery("SKU-1")
    found = [seal(value).open() for value in values]
    assert Sealed.open_all([seal(value) for value in values]) == found
    assert found[4] == {"password": "[redacted]"}
    assert Sealed.lacking([seal(value) for value in values], query.in_json) == [
        value.get("sku") in ("SKU-0", "SKU-2") for value in values
    ]
    assert Sealed.lacking([], query.in_json) == []


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ('{"a":{"data":{"x":1}}}', '{"b":{"data":{"x":1}},"c":{}}'),
        ('{"a":{"data":{"x":1}},"c":{}}', '{"b":{"data":{"x":1}}}'),
        ('{"a":{"data":{"x":1}}}', '{"b":{"data":{"x": 1}}}'),
        ('{"a":{"data":{"x":1}}}', '{"b":{"other":{"x":1}}}'),
        ('{"a":{"other":1}}', '{"b":{"other":1}}'),
    ],
)
def test_data_that_may_differ_is_not_passed_on(mine: str, theirs: str) -> None:
    one, another = (Sealed(msgspec.Raw(text.encode())) for text in (mine, theirs))
    assert one.passes_on(another, "data") is False
