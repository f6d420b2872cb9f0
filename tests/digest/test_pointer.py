from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.digest.pointer import (
    PathError,
    Resolved,
    format_pointer,
    parse_path,
    resolve_pointer,
    slice_pointer,
)
from tests.digest.strategies import KEYS

RECORD = {
    "rows": [{"sku": "A"}, {"sku": "B"}, {"sku": "C"}],
    "text": "no total",
    "0-2": "a key",
    "a/b": {"~": 1},
    "": {"": 2},
    "m n": None,
    "empty": [],
}


@pytest.mark.parametrize(
    ("path", "tokens"),
    [
        ("", ()),
        ("$", ()),
        ("/", ("",)),
        ("/rows/0", ("rows", "0")),
        ("rows/0", ("rows", "0")),
        ("/a~1b/~0", ("a/b", "~")),
        ("/~01", ("~1",)),
        ("/a//b", ("a", "", "b")),
        ("$.a[3].b", ("a", "3", "b")),
        ("$['a b'].c", ("a b", "c")),
        ('$["it\'s"]', ("it's",)),
        (r"$['it\'s']", ("it's",)),
        ("$.rows[100-120]", ("rows", "100-120")),
        ("/$.a", ("$.a",)),
        ("$ref", ("$ref",)),
    ],
)
def test_paths_are_split_into_tokens(path: str, tokens: tuple[str, ...]) -> None:
    assert parse_path(path) == tokens


@pytest.mark.parametrize("path", ["$.", "$..a", "$[", "$.a[", "$.a[x]", "$['a]"])
def test_a_broken_dollar_path_is_an_error(path: str) -> None:
    with pytest.raises(PathError, match="syntax error at character"):
        parse_path(path)


@given(st.lists(KEYS | st.text(alphabet="/~01", max_size=5), max_size=5))
def test_formatting_and_parsing_are_inverse(tokens: list[str]) -> None:
    pointer = format_pointer(tuple(tokens))
    if not pointer.startswith("$"):
        assert parse_path(pointer) == tuple(tokens)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("", Resolved(RECORD, "")),
        ("/rows/1/sku", Resolved("B", "/rows/1/sku")),
        ("$.rows[1].sku", Resolved("B", "/rows/1/sku")),
        ("/rows/0/sku", Resolved("A", "/rows/0/sku")),
        ("/rows/0-2", Resolved([{"sku": "A"}, {"sku": "B"}], "/rows/0-2", 3, 0)),
        ("/text/0-2", Resolved("no", "/text/0-2", 8, 0)),
        ("/rows/1-3", Resolved([{"sku": "B"}, {"sku": "C"}], "/rows/1-3", 3, 1)),
        ("/rows/1-99", Resolved([{"sku": "B"}, {"sku": "C"}], "/rows/1-3", 3, 1)),
        ("/text/3-8", Resolved("total", "/text/3-8", 8, 3)),
        ("/0-2", Resolved("a key", "/0-2")),
        ("/a~1b/~0", Resolved(1, "/a~1b/~0")),
        ("//", Resolved(2, "//")),
        ("/m n", Resolved(None, "/m n")),
        ("/a~1b/0-1", Resolved({"~": 1}, "/a~1b/0-1", 1, 0, {"~": 1})),
    ],
)
def test_a_path_resolves_to_its_value(path: str, found: Resolved) -> None:
    assert resolve_pointer(RECORD, path) == found


@pytest.mark.parametrize(
    ("path", "nearest", "children"),
    [
        ("/row", "", ("/rows", "/text", "/0-2", "/a~1b", "/", "/m n", "/empty")),
        ("/rows/3", "/rows", ("/rows/0-3",)),
        ("/rows/-1", "/rows", ("/rows/0-3",)),
        ("/rows/01", "/rows", ("/rows/0-3",)),
        ("/rows/2-2", "/rows", ("/rows/0-3",)),
        ("/rows/3-9", "/rows", ("/rows/0-3",)),
        ("/rows/2-1", "/rows", ("/rows/0-3",)),
        ("/rows/1/skew", "/rows/1", ("/rows/1/sku",)),
        ("/rows/1-2/sku", "/rows", ("/rows/0-3",)),
        ("/text/9-12", "/text", ("/text/0-8",)),
        ("/m n/x", "/m n", ()),
        ("/empty/0", "/empty", ()),
        ("/rows/", "/rows", ("/rows/0-3",)),
        ("$.rows[*].sku", "/rows", ("/rows/0-3",)),
        ("$.rows[-1]", "/rows", ("/rows/0-3",)),
        ("$.rows[1]..sku", "/rows/1", ("/rows/1/sku",)),
        ("$.text[0:2]", "/text", ("/text/0-8",)),
    ],
)
def test_a_wrong_path_lists_what_exists(path: str, nearest: str, children: tuple[str, ...]) -> None:
    with pytest.raises(PathError) as caught:
        resolve_pointer(RECORD, path)
    assert caught.value.nearest == nearest
    assert caught.value.children == children
    assert caught.value.message == str(caught.value)
    assert caught.value.message.endswith(".")
    for pointer in (nearest, *children):
        resolve_pointer(RECORD, pointer)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/row", "There is no key row at the root, an object of 7 keys."),
        ("/a~1b/", 'There is no key "" at /a~1b, an object of 1 keys.'),
        ("/rows/3", "There is no 3 at /rows, an array of 3 items counted from 0."),
        ("/rows/", 'There is no "" at /rows, an array of 3 items counted from 0.'),
        ("/text/8-9", "There is no 8-9 at /text, a string of 8 characters counted from 0."),
        ("/m n/x", "There is nothing under x: /m n is a plain value."),
        ("$.rows[*].sku", "The path $.rows[*].sku has a syntax error at character 6."),
    ],
)
def test_a_message_says_what_is_wrong_where(path: str, message: str) -> None:
    with pytest.raises(PathError) as caught:
        resolve_pointer(RECORD, path)
    assert caught.value.message == message


def test_a_message_says_that_the_root_is_a_plain_value() -> None:
    with pytest.raises(PathError) as caught:
        resolve_pointer(4.5, "/total")
    assert caught.value.message == "There is nothing under total: the root is a plain value."


@pytest.mark.parametrize("length", [60, 61])
def test_keys_of_at_most_sixty_characters_are_whole_in_a_message(length: int) -> None:
    shown = "k" * 60 + ("…" if length > 60 else "")
    with pytest.raises(PathError, match=f"no key {shown} at the root"):
        resolve_pointer({"a": 1}, "/" + "k" * length)


@pytest.mark.parametrize(("place", "is_compared"), [(999, True), (1000, False)])
def test_a_wrong_key_is_compared_with_the_first_thousand(place: int, is_compared: bool) -> None:
    keys = [f"doc_{n}" for n in range(3000)]
    keys[place] = "total_amount"
    with pytest.raises(PathError) as caught:
        resolve_pointer(dict.fromkeys(keys), "/total_amonut")
    assert (caught.value.children[0] == "/total_amount") == is_compared


def test_a_wrong_key_lists_similar_keys_first() -> None:
    record = {f"key_{n}": n for n in range(50)} | {"total_amount": 1}
    with pytest.raises(PathError) as caught:
        resolve_pointer(record, "/total_amonut")
    assert caught.value.children[0] == "/total_amount"
    assert len(caught.value.children) == 12


def test_a_message_stays_short() -> None:
    with pytest.raises(PathError) as caught:
        resolve_pointer({"a": 1}, "/" + "x" * 5000)
    assert len(caught.value.message) < 200


def test_a_huge_index_is_not_found() -> None:
    with pytest.raises(PathError):
        resolve_pointer({"rows": [1]}, "/rows/" + "9" * 5000)


def test_a_path_of_a_hundred_thousand_levels_resolves() -> None:
    value: Any = "end"
    for _ in range(100_000):
        value = [value]
    assert resolve_pointer(value, "/0" * 100_000).value == "end"
    while isinstance(value, list):
        value = value[0]


def test_a_wrong_key_before_a_syntax_error_is_reported_first() -> None:
    with pytest.raises(PathError, match="There is no key row at the root"):
        resolve_pointer(RECORD, "$.row[*]")


def test_a_slice_is_not_mistaken_for_a_key_of_the_same_name() -> None:
    members = {"1-3": "pages", "01-3": "more pages", "4-7": "others"}
    pointer = slice_pointer(members, "", 1, 3)
    found = resolve_pointer(members, pointer)
    assert found.value == {"01-3": "more pages", "4-7": "others"}
    assert resolve_pointer(members, found.pointer) == found
    assert slice_pointer([1, 2, 3], "/rows", 1, 3) == "/rows/1-3"
