import pytest

from retab_mcp.analysis.compare.json_diff import differences
from retab_mcp.analysis.search.search_query import SearchQuery
from retab_mcp.digest.hidden import hidden_difference, hidden_in, holds_hidden
from retab_mcp.digest.shape import shape
from retab_mcp.safety.clean import clean_text, hidden_names, removed_from
from retab_mcp.safety.sanitize import hidden_characters_below, sanitize

MARKED = clean_text("DE\u200b")


def test_a_cleaned_text_keeps_what_it_lost() -> None:
    assert MARKED == "DE"
    assert removed_from(MARKED) == ((2, 0x200B),)
    assert hidden_names(clean_text("a\u200bb\u2060\u200b")) == ("U+200B", "U+2060")
    assert removed_from("DE") == ()


def test_a_difference_names_the_character() -> None:
    names = ("expected", "actual")
    assert hidden_difference("DE", MARKED, names) == "actual contains U+200B"
    assert hidden_difference(MARKED, "DE", names) == "expected contains U+200B"
    assert hidden_difference("DE", "DE", names) is None
    assert hidden_difference(MARKED, "FR", names) is None
    several = clean_text("D\u200bE\u2060")
    assert hidden_difference("DE", several, names) == "actual contains U+200B, U+2060"
    assert hidden_difference(MARKED, several, names) == (
        "expected contains U+200B; actual contains U+200B, U+2060"
    )


@pytest.mark.parametrize(
    ("value", "other", "paths"),
    [
        ({"country": "DE"}, {"country": "DE\u200b"}, ["/country"]),
        ({"rows": ["DE", "FR"]}, {"rows": ["DE\u200b", "FR"]}, ["/rows/0"]),
        (
            [{"id": 1, "c": "DE"}, {"id": 2, "c": "FR"}],
            [{"id": 1, "c": "DE\u200b"}],
            ["/0/c", "/1"],
        ),
        ({"country": "DE\u200b"}, {"country": "DE\u200b"}, []),
        ({"country": "D"}, {"country": "D\u2060"}, ["/country"]),
    ],
)
def test_values_that_differ_by_an_invisible_character_differ(
    value: object, other: object, paths: list[str]
) -> None:
    mine, theirs = sanitize(value).value, sanitize(other).value
    assert [change.path for change in differences(mine, theirs)] == paths


def test_a_match_names_the_characters_its_text_lost() -> None:
    value = sanitize({"country": "DE\u200b", "other": "DE"}).value
    hits = list(SearchQuery("DE").hits(value))
    assert [(hit.path, hit.hidden) for hit in hits] == [("/country", ("U+200B",)), ("/other", ())]


def test_values_are_counted() -> None:
    value = sanitize({"a": ["DE\u200b", {"b": "x\u2060\u2060"}]})
    assert value.hidden_characters == 3
    assert hidden_characters_below(value.value) == 3
    assert holds_hidden(value.value)
    assert not holds_hidden({"a": ["DE"]})


def test_what_texts_lost_is_compared_by_their_position() -> None:
    value = sanitize({"a": ["DE\u200b", {"b": "x"}], "c": [1, "FR\u2060"]}).value
    assert hidden_in(value) == ((0, ((2, 0x200B),)), (3, ((2, 0x2060),)))
    assert hidden_in({"a": ["DE", {"b": "x"}]}) == ()


def test_a_marked_text_is_a_string_like_any_other() -> None:
    assert shape({"a": MARKED, "b": ["x", MARKED]}) == shape({"a": "DE", "b": ["x", "DE"]})
