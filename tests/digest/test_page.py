from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from retab_mcp.digest.budget import estimate_tokens
from retab_mcp.digest.compact import compact_json
from retab_mcp.digest.page import ValuePage, first_page
from retab_mcp.digest.pointer import resolve_pointer
from retab_mcp.safety.sanitize import sanitize
from tests.digest.strategies import KEYS, LONG_TEXTS, SCALARS, VALUES

Json = Any


def json_tokens(value: Json) -> int:
    return estimate_tokens(compact_json(value))


def pages_of(record: Json, path: str, budget: int) -> list[ValuePage]:
    """Read every page of the value at a path by following next_path."""
    pages = []
    following: str | None = path
    while following is not None:
        found = resolve_pointer(record, following)
        part = first_page(found.value, budget, found.pointer, found.start, found.whole)
        pages.append(part)
        following = part.next_path
        assert len(pages) < 10_000
    return pages


def test_a_page_holds_as_many_whole_items_as_fit() -> None:
    rows = [{"n": n, "name": "Bolt"} for n in range(500)]
    assert first_page(rows, 60, "/output/rows") == snapshot(
        ValuePage(
            value=[
                {"n": 0, "name": "Bolt"},
                {"n": 1, "name": "Bolt"},
                {"n": 2, "name": "Bolt"},
                {"n": 3, "name": "Bolt"},
                {"n": 4, "name": "Bolt"},
            ],
            shown=5,
            total=500,
            unit="items",
            next_path="/output/rows/5-500",
            truncated=True,
        )
    )


@pytest.mark.parametrize("budget", [60, 500, 6400])
@pytest.mark.parametrize(
    "value",
    [
        list(range(20_000)),
        [{"n": n, "name": "Bolt"} for n in range(5000)],
        "The supplier sent no total. " * 5000,
        {f"doc_{n}": {"pages": n} for n in range(5000)},
        [{"text": "The supplier sent no total. " * 5000}],
    ],
    ids=["numbers", "rows", "text", "map", "item"],
)
def test_a_page_uses_most_of_its_budget(value: Json, budget: int) -> None:
    assert budget * 0.7 <= json_tokens(first_page(value, budget).value) <= budget


@pytest.mark.parametrize("budget", [24, 40, 63, 100, 333, 1000])
@pytest.mark.parametrize("total", [2, 3, 9, 64, 900])
def test_one_more_item_or_member_would_not_fit_a_page(budget: int, total: int) -> None:
    rows: list[Json] = [{"n": n, "name": "Bolt" * (n % 3)} for n in range(total)]
    part = first_page(rows, budget, "/rows")
    assert part.value == rows[: part.shown]
    assert part.shown == total or json_tokens(rows[: part.shown + 1]) > budget
    assert part.next_path == (f"/rows/{part.shown}-{total}" if part.shown < total else None)
    members = {f"document {n}": {"pages": [n]} for n in range(total)}
    part = first_page(members, budget, "/all")
    if part.unit == "members":
        assert part.value == dict(list(members.items())[: part.shown])
        assert json_tokens(dict(list(members.items())[: part.shown + 1])) > budget
        assert part.next_path == f"/all/{part.shown}-{total}"


def test_a_page_of_a_slice_of_members_is_addressed_in_the_whole_object() -> None:
    record = {"all": {f"document {n}": {"pages": [n]} for n in range(400)}}
    found = resolve_pointer(record, "/all/100-300")
    part = first_page(found.value, 60, found.pointer, found.start, found.whole)
    assert list(part.value) == [f"document {n}" for n in range(100, 100 + part.shown)]
    assert (part.next_path, part.total) == (f"/all/{100 + part.shown}-300", 200)


def test_a_large_first_member_of_many_is_digested_and_the_next_follows() -> None:
    members = {f"document {n}": "No total. " * 900 for n in range(400)}
    part = first_page(members, 60, "/all")
    assert list(part.value) == ["document 0"]
    assert part.value["document 0"]["length"] == 9000
    assert (part.shown, part.total, part.unit) == (1, 400, "members")
    assert part.next_path == "/all/1-400"
    assert 40 <= json_tokens(part.value) <= 60


def test_a_page_of_a_slice_of_a_text_is_addressed_in_the_whole_text() -> None:
    record = {"text": "".join(f"{n}. No total.\n" for n in range(400))}
    found = resolve_pointer(record, "/text/100-3000")
    part = first_page(found.value, 60, found.pointer, found.start, found.whole)
    assert part.value == record["text"][100 : 100 + part.shown]
    assert (part.next_path, part.total) == (f"/text/{100 + part.shown}-3000", 2900)
    assert part.truncated


def test_the_page_after_a_slice_is_addressed_in_the_whole_array() -> None:
    record = {"rows": list(range(1000))}
    found = resolve_pointer(record, "/rows/100-900")
    part = first_page(found.value, 60, found.pointer, found.start, found.whole)
    assert part.value == list(range(100, 100 + part.shown))
    assert part.next_path == f"/rows/{100 + part.shown}-900"
    assert (part.total, part.unit) == (800, "items")


def test_a_slice_that_fits_is_not_truncated() -> None:
    found = resolve_pointer({"rows": list(range(1000))}, "/rows/5-8")
    assert first_page(found.value, 60, found.pointer, found.start, found.whole) == ValuePage(
        [5, 6, 7], 3, 3, "items", None, False
    )


def test_a_key_that_looks_like_a_slice_is_read_as_a_key() -> None:
    record = {"0-300": ["a long enough item"] * 300}
    found = resolve_pointer(record, "/0-300")
    part = first_page(found.value, 60, found.pointer, found.start, found.whole)
    assert part.next_path == f"/0-300/{part.shown}-300"


def test_an_item_too_large_for_a_page_is_digested_and_the_next_follows() -> None:
    items = [{"text": "No total. " * 900}, {"text": "short"}]
    part = first_page(items, 44, "/pages")
    assert part == snapshot(
        ValuePage(
            value=[
                {
                    "text": {
                        "$shape": "string",
                        "length": 9000,
                        "start": "No total. No total. No total. No total. No total. No ",
                    }
                }
            ],
            shown=1,
            total=2,
            unit="items",
            next_path="/pages/1-2",
            truncated=True,
        )
    )
    assert json_tokens(part.value) <= 44


def test_the_page_after_a_last_item_too_large_is_that_item() -> None:
    items = [{"text": "No total. " * 900}]
    assert first_page(items, 100, "/pages").next_path == "/pages/0"


def test_a_string_is_read_by_characters() -> None:
    text = "".join(f"{n}. The supplier sent no total.\n" for n in range(400))
    pages = pages_of({"text": text}, "/text", 200)
    assert "".join(part.value for part in pages) == text
    assert {part.unit for part in pages} == {"characters"}


def test_an_object_shows_its_members_and_leads_to_the_largest_left_out() -> None:
    value = {"total": 12.5, "note": None, "text": "No total. " * 900}
    part = first_page(value, 50, "/output")
    assert part == snapshot(
        ValuePage(
            value={
                "total": 12.5,
                "note": None,
                "text": {
                    "$shape": "string",
                    "length": 9000,
                    "start": "No total. No total. No total. No total. No total. No ",
                },
            },
            shown=2,
            total=3,
            unit="values",
            next_path="/output/text",
            truncated=True,
        )
    )


def test_an_object_of_too_many_members_is_read_in_parts() -> None:
    record = {"documents": {f"doc_{n}": {"pages": n} for n in range(700)}}
    pages = pages_of(record, "/documents", 300)
    joined = {key: item for part in pages for key, item in part.value.items()}
    assert joined == record["documents"]
    assert {part.unit for part in pages[:-1]} == {"members"}


def test_a_large_member_of_a_part_is_named_by_its_own_path() -> None:
    record = {"all": {"a": 1, "b": "No total. " * 900, "c": 2, "d": 3}}
    found = resolve_pointer(record, "/all/1-3")
    assert (
        first_page(found.value, 80, found.pointer, found.start, found.whole).next_path == "/all/b"
    )


def test_scalars_are_whole() -> None:
    assert first_page(None, 50, "/a") == ValuePage(None, 1, 1, "values", None, False)
    assert first_page(4.5, 50, "/a") == ValuePage(4.5, 1, 1, "values", None, False)


@settings(max_examples=60, deadline=None)
@given(st.lists(SCALARS, max_size=150), st.integers(60, 300))
def test_pages_of_an_array_cover_it_in_order(items: list[Json], budget: int) -> None:
    record = {"rows": sanitize(items).value}
    pages = pages_of(record, "/rows", budget)
    joined = [item for part in pages for item in part.value]
    assert compact_json(joined) == compact_json(record["rows"])
    assert sum(part.shown for part in pages) == len(items)
    assert pages[0].total == len(items)


@settings(max_examples=60, deadline=None)
@given(LONG_TEXTS, st.integers(40, 300))
def test_pages_of_a_text_cover_it_in_order(text: str, budget: int) -> None:
    record = {"text": sanitize(text).value}
    pages = pages_of(record, "/text", budget)
    assert "".join(part.value for part in pages) == record["text"]


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(KEYS, SCALARS, min_size=20, max_size=40), st.integers(40, 80))
def test_pages_of_a_wide_object_never_lead_back(members: dict[str, Json], budget: int) -> None:
    record = sanitize({"all": members}).value
    paths = [part.next_path for part in pages_of(record, "/all", budget)]
    assert len(set(paths)) == len(paths)


@settings(max_examples=100, deadline=None)
@given(VALUES, st.integers(40, 500))
def test_never_over_budget_and_next_paths_resolve(value: Json, budget: int) -> None:
    record = {"output": sanitize(value).value}
    found = resolve_pointer(record, "/output")
    part = first_page(found.value, budget, found.pointer, found.start, found.whole)
    assert json_tokens(part.value) <= budget
    assert part.truncated == (part.next_path is not None)
    if part.next_path is not None:
        resolve_pointer(record, part.next_path)
