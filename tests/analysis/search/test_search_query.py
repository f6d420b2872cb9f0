import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.analysis.search.search_query import AROUND, MAX_QUERY, QueryError, SearchQuery
from retab_mcp.digest.pointer import resolve_pointer

TEXTS = st.text('abAB \n"\\ä', max_size=6)
JSON = st.recursive(
    TEXTS | st.integers(-20, 20) | st.floats(-5, 5, width=16) | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


def found(query: SearchQuery, value: Any) -> list[tuple[str, bool, str]]:
    return [(hit.path, hit.is_key, hit.excerpt) for hit in query.hits(value)]


def every_text(value: Any, path: str = "") -> list[tuple[str, str]]:
    """Return strings, numbers and keys of a value with their pointers, by a simple method."""
    if isinstance(value, str):
        return [(path, value)]
    if isinstance(value, list):
        return [pair for n, each in enumerate(value) for pair in every_text(each, f"{path}/{n}")]
    if isinstance(value, dict):
        pairs = []
        for key, each in value.items():
            below = f"{path}/{key.replace('~', '~0').replace('/', '~1')}"
            pairs += [(below, key), *every_text(each, below)]
        return pairs
    if value is None or isinstance(value, bool):
        return []
    return [(path, repr(value))]


@given(JSON, TEXTS.filter(bool))
def test_text_is_found_in_any_place_and_case(value: Any, text: str) -> None:
    def printed(one: str) -> str:
        return re.sub(r"\s+", " ", one.lower())

    expected = [path for path, each in every_text(value) if printed(text) in printed(each)]
    assert [path for path, *_ in found(SearchQuery(text), value)] == expected


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("1 180,00", "Total: 1\u00a0180,00 EUR"),
        ("1 180,00", "Total: 1\u202f180,00 EUR"),
        ("1\u00a0180", "1 180"),
        ("due date", "due\n  date"),
        ("Müller", "Mu\u0308ller GmbH"),
        ("Mu\u0308ller", "MÜLLER"),
        ("A-17", "A\u201117"),
        ("A\u201317", "A-17"),
        ("O'Brien", "O\u2019Brien"),
        ('"Quay 7"', "\u201eQuay 7\u201c"),
        ("office", "o\ufb03ce"),
        ("profit", "pro\ufb01t"),
    ],
)
def test_a_text_is_found_as_a_document_prints_it(text: str, printed: str) -> None:
    for value in (printed, {"note": [printed]}, {printed: 1}):
        assert found(SearchQuery(text), value)


@pytest.mark.parametrize(
    ("text", "other"),
    [("Muller", "Müller"), ("1180", "1 180"), ("A17", "A-17"), ("fi", "f i"), ("é", "e")],
)
def test_other_texts_are_not_found(text: str, other: str) -> None:
    assert not found(SearchQuery(text), [other, {"note": other}])


@pytest.mark.parametrize("word", ["null", "true", "false", "NULL"])
def test_null_true_and_false_are_found(word: str) -> None:
    value = {"a": None, "b": [True, False], "c": "it is null", "d": "no"}
    paths = {path for path, *_ in found(SearchQuery(word), value)}
    expected = {"null": {"/a", "/c"}, "true": {"/b/0"}, "false": {"/b/1"}}
    assert paths == expected[word.lower()]
    assert {path for path, *_ in found(SearchQuery(pattern=f"(?i)^{word}$"), value)} == {
        path for path in paths if path != "/c"
    }


def test_a_part_of_null_finds_no_null() -> None:
    assert not found(SearchQuery("nul"), {"a": None})


def test_a_key_has_its_value() -> None:
    (hit,) = SearchQuery("vat_id").hits({"vat_id": None})
    assert hit.is_key
    assert hit.value is None
    (hit,) = SearchQuery("lines").hits({"lines": [1, 2]})
    assert hit.value == [1, 2]


@given(JSON, st.sampled_from(["^a", "b$", r"a\s*b", "[^a]b", r"\bab?", "a|b+", r"\Aa", r"b\z"]))
def test_pattern_finds_the_same_as_in_each_text_alone(value: Any, pattern: str) -> None:
    alone = re.compile(pattern.replace(r"\z", r"\Z"), re.MULTILINE | re.ASCII)
    expected = [path for path, each in every_text(value) if alone.search(each)]
    assert [path for path, *_ in found(SearchQuery(pattern=pattern), value)] == expected


@given(JSON)
def test_paths_resolve_to_the_hits(value: Any) -> None:
    for path, is_key, excerpt in found(SearchQuery("a"), value):
        if is_key:
            assert "a" in path.rpartition("/")[2].lower()
            assert resolve_pointer(value, path) is not None
        else:
            assert "a" in str(resolve_pointer(value, path).value).lower()
            assert "a" in excerpt.lower()


def test_numbers_are_searched_as_their_json() -> None:
    value = {"total": 1234.56, "count": 1234, "large": 1e22}
    assert found(SearchQuery("1234.56"), value) == [("/total", False, "1234.56")]
    assert [path for path, *_ in found(SearchQuery("1234"), value)] == ["/total", "/count"]
    assert found(SearchQuery("1e+22"), value) == [("/large", False, "1e+22")]


def test_key_and_value_are_separate_hits() -> None:
    assert found(SearchQuery("vat"), {"vat_id": "VAT 19 %"}) == [
        ("/vat_id", True, "vat_id"),
        ("/vat_id", False, "VAT 19 %"),
    ]


def test_context_is_cut() -> None:
    text = "x" * 100 + "needle" + "y" * 100
    (hit,) = SearchQuery("needle").hits(text)
    assert hit.excerpt == "…" + "x" * AROUND + "needle" + "y" * AROUND + "…"


@pytest.mark.parametrize(
    ("text", "pattern", "says"),
    [
        ("", "", "either a text or a pattern"),
        ("a", "b", "either a text or a pattern"),
        ("a" * (MAX_QUERY + 1), "", "longer than"),
        ("", "(", "is invalid: missing )"),
        ("", "(?=a)", "is invalid: invalid perl operator"),
        ("", r"(a)\1", "is invalid: invalid escape"),
        ("", "a{1000}{1000}", "is invalid"),
        ("", "a*", "matches the empty text"),
    ],
)
def test_refused_queries(text: str, pattern: str, says: str) -> None:
    with pytest.raises(QueryError, match=re.escape(says)):
        SearchQuery(text, pattern)


def test_large_repetitions_are_refused() -> None:
    for pattern in (r"[\s\S]{1000}!", r"(.{1,30}){1,30}!", r"\p{L}{500}"):
        with pytest.raises(QueryError, match=r"repeats too much|is invalid"):
            SearchQuery(pattern=pattern)
    assert found(SearchQuery(pattern="total.{0,200}21"), {"a": "total is 21"}) == [
        ("/a", False, "total is 21")
    ]
    # A text of the maximum length is accepted: the limit on repetition is for patterns.
    assert found(SearchQuery("ß" * MAX_QUERY), {"a": "b"}) == []


def test_no_pattern_is_catastrophic() -> None:
    start = time.process_time()
    assert found(SearchQuery(pattern="(a+)+$b"), {"long": "a" * 100_000}) == []
    assert found(SearchQuery(pattern="(.*)*(.*)*x"), {"long": "a" * 100_000}) == []
    # Texts are searched joined, and these patterns match across line breaks.
    many = [f"abc {number} z" for number in range(50_000)]
    assert len(found(SearchQuery(pattern='a[^"]*z'), many)) == len(many)
    assert len(found(SearchQuery(pattern="abc [^,]*q|abc"), many)) == len(many)
    # Four times the usual time; backtracking would take hours.
    assert time.process_time() - start < 10


def test_values_nested_to_any_depth() -> None:
    value: Any = "needle"
    for _ in range(20_000):
        value = [value]
    (hit,) = SearchQuery("needle").hits(value)
    assert hit.path == "/0" * 20_000


def test_a_lone_surrogate_is_searched_like_any_other_character() -> None:
    value = {"a": "x\ud800y total", "n": 5}
    assert [hit.path for hit in SearchQuery("total").hits(value)] == ["/a"]
    assert [hit.path for hit in SearchQuery(pattern="tot.l").hits(value)] == ["/a"]
    assert list(SearchQuery("\ud800").hits({"a": "b"})) == []


def test_a_character_that_is_cut_in_two_is_dropped_from_the_context() -> None:
    (hit,) = SearchQuery("here").hits("é" * 200 + "here" + "é" * 200)
    assert hit.excerpt.startswith("…")
    assert "here" in hit.excerpt


@pytest.mark.parametrize(("word", "value"), [("null", None), ("true", True), ("False", False)])
def test_a_word_of_json_finds_that_value(word: str, value: Any) -> None:
    assert [hit.path for hit in SearchQuery(word).hits({"a": value, "b": 1})] == ["/a"]
    assert list(SearchQuery("a").hits({"b": value})) == []
