"""Where the texts of a value are, and which of them lost characters that nobody can see."""

from retab_mcp.safety.sanitize import hidden_characters_below, sanitize
from retab_mcp.safety.text_places import hidden_places, pointer_to, texts_in


def test_texts_and_keys_are_named_by_their_place() -> None:
    value = {"a/b": [{"~n": "one"}, "two", 3], "c": {"d": "three"}}
    assert [(pointer_to(place), text) for place, text in texts_in(value)] == [
        *(("/a~1b", "a/b"), ("/c", "c"), ("/a~1b/0/~0n", "~n"), ("/a~1b/0/~0n", "one")),
        *(("/a~1b/1", "two"), ("/c/d", "d"), ("/c/d", "three")),
    ]
    assert [(pointer_to(place), text) for place, text in texts_in("alone")] == [("", "alone")]
    assert list(texts_in(5)) == []


HIDDEN = {"a": "x\u200by\u2060", "rows": [{"b": "\u00adz"}, "x\u200by\u2060", "plain"]}


def test_the_first_texts_with_hidden_characters_are_named() -> None:
    value = sanitize(HIDDEN).value
    places = {"/a": "U+200B, U+2060", "/rows/0/b": "U+00AD", "/rows/1": "U+200B, U+2060"}
    assert hidden_places(value, 10) == places
    assert hidden_places(value, 3) == places
    assert list(hidden_places(value, 2)) == ["/a", "/rows/0/b"]
    assert hidden_places(["plain", 1], 2) == {}


def test_hidden_characters_of_equal_texts_count_once() -> None:
    assert hidden_characters_below(sanitize(HIDDEN).value) == 3
    assert sanitize(HIDDEN).hidden_characters == 5
    assert hidden_characters_below(["plain", {"a": 1}]) == 0
    assert hidden_characters_below(sanitize([["\u200ba"], ["\u2060a"]]).value) == 2
    assert hidden_characters_below(5) == 0
