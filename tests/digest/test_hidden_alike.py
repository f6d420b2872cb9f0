"""The fast test for texts that look the same says yes wherever two of them do."""

import pytest

from retab_mcp.digest.hidden import holds_hidden, holds_only_plain, may_hold_alike
from retab_mcp.models import Json
from retab_mcp.safety.sanitize import sanitize


@pytest.mark.parametrize(
    "value",
    [
        ["DE", "DE\u200b"],
        {"a": "DE", "rows": [{"b": "D\u0415"}]},
        {"code": "A 1", "A\u00a01": 2},
        [{"name": "Bolt "}, {"name": "Bolt"}],
        "DE\u200b",
        {"a": 1, "b": "Bolt ", "c": "Bolt"},
        ["Bolt", {"x": None}, 2.5, "Bolt\u00a0"],
    ],
)
def test_what_looks_the_same_is_found(value: Json) -> None:
    assert may_hold_alike(sanitize(value).value)
    assert not holds_only_plain(sanitize(value).value)


@pytest.mark.parametrize(
    "value",
    [
        *(["DE", "DE"], {"a": "a", "b": ["a", {"a": 1}]}, ["Müller", "Muller"], 5, None),
        *(["D\u0415", "FR"], ["two  spaces"], {"edge ": "DE"}),
    ],
)
def test_equal_and_different_texts_are_not(value: Json) -> None:
    assert not may_hold_alike(value)
    assert not holds_hidden(value)


@pytest.mark.parametrize(("text", "is_hidden"), [("DE\u200b", True), ("DE", False)])
def test_a_value_nested_too_deep_for_the_fast_test_is_looked_at(text: str, is_hidden: bool) -> None:
    value: Json = [text]
    for _ in range(3_000):
        value = [value]
    assert holds_hidden(sanitize(value).value) == is_hidden


@pytest.mark.parametrize(
    "value",
    [
        *(" edge", "edge ", "two  spaces", "a\tb", "a\u00a0b", "D\u0415", "u\u0308ber"),
        *({" key": 1}, [{"a": ["b ", "c"]}], ["b", " c"], "DE\u200b", [["a", {"b": "c\u2003"}]]),
    ],
)
def test_a_text_that_differs_from_what_is_seen_is_not_plain(value: Json) -> None:
    assert holds_only_plain(sanitize(value).value) is False


@pytest.mark.parametrize(
    "value",
    ["", 5, None, "Müller, Köln", ["a", "b", "", "a b"], {"C\u00e2ble": [{"x y": "Straße"}]}],
)
def test_texts_that_are_what_is_seen_are_plain(value: Json) -> None:
    assert holds_only_plain(value)
