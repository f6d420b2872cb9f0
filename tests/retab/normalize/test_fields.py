"""Single fields: a value of the wrong type reads as missing, nothing fails."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given

from retab_mcp.retab.normalize import fields
from tests.retab.wires import JSON

NINE = datetime(2026, 3, 12, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-03-12T09:00:00Z", NINE),
        ("2026-03-12T09:00:00", NINE),
        ("2026-03-12 10:00:00+01:00", NINE),
        ("2026-03-12T09:00:00.000000123Z", NINE),
        (NINE.timestamp(), NINE),
        (int(NINE.timestamp()) * 1000, NINE),
        ("yesterday", None),
        ("", None),
        ("0001-01-01T00:00:00+14:00", None),
        (True, None),
        (float("nan"), None),
        (10**400, None),
        ({"$date": "2026-03-12"}, None),
        (None, None),
    ],
)
def test_moment(value: Any, expected: datetime | None) -> None:
    assert fields.moment(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a", "a"), ("", ""), (7, "7"), (True, None), (1.5, None), ([], None), ("\ud800", "\\ud800")],
)
def test_text(value: Any, expected: str | None) -> None:
    assert fields.text(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a", "a"), (None, ""), (["a", 1], '["a", 1]'), ({"code": 5}, '{"code": 5}'), (7, "7")],
)
def test_a_message_that_is_not_text_is_kept_as_json(value: Any, expected: str) -> None:
    assert fields.message(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(5, 5), (5.4, 5), (True, None), ("5", None), (float("inf"), None), (None, None)],
)
def test_whole(value: Any, expected: int | None) -> None:
    assert fields.whole(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(5, 5.0), (0.5, 0.5), (10**400, None), (float("nan"), None), (False, None), ("1", None)],
)
def test_number(value: Any, expected: float | None) -> None:
    assert fields.number(value) == expected


def test_a_deeply_nested_message_is_empty() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert fields.message(deep) == ""


def test_renaming_never_loses_a_field() -> None:
    names = {"old": "new"}
    assert fields.renamed({"old": 1}, names) == {"new": 1}
    assert fields.renamed({"old": 1, "new": None}, names) == {"new": 1}
    assert fields.renamed({"old": 1, "new": 2}, names) == {"old": 1, "new": 2}
    assert fields.renamed({"other": 1}, names) == {"other": 1}


@given(JSON)
def test_no_reader_fails(value: Any) -> None:
    readers = (
        fields.text, fields.message, fields.mapping, fields.listing, fields.texts, fields.whole,
        fields.number, fields.moment,
    )  # fmt: skip
    for reader in readers:
        reader(value)
    for said in (fields.text(value), fields.message(value), *fields.mapping(value)):
        assert (said or "").encode() is not None
