"""A body is decoded completely or refused with a reason."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.models import Json
from retab_mcp.retab.decode import decode
from retab_mcp.retab.errors import RetabError


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a": [1, null, true, "x"]}', {"a": [1, None, True, "x"]}),
        (b"null", None),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b'"a \\ud83d b"', "a \ud83d b"),
        (b'"line\nbreak\x01"', "line\nbreak\x01"),
        (b"9" * 5_000, "9" * 5_000),
        (b"[" + b"7" * 4_000 + b"]", [int("7" * 4_000)]),
        ('{"é": "ü"}'.encode("utf-16"), {"é": "ü"}),
        (b'"\xed\xa0\xbd"', "\ud83d"),
    ],
    ids=[
        "plain",
        "null",
        "byte order mark",
        "lone surrogate",
        "raw control characters",
        "integer of 5,000 digits",
        "integer of 4,000 digits",
        "UTF-16",
        "surrogate in UTF-8",
    ],
)
def test_accepted_bodies(body: bytes, value: Json) -> None:
    assert decode(body) == value
    assert decode(bytearray(body)) == value


def test_numbers_beyond_json_are_floats() -> None:
    value = decode(b"[NaN, Infinity, -Infinity]")
    assert math.isnan(value[0])
    assert value[1:] == [math.inf, -math.inf]


def test_nesting_that_the_fast_parser_refuses_is_read() -> None:
    value = decode(b"[" * 400 + b"1" + b"]" * 400)
    for _ in range(400):
        (value,) = value
    assert value == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "is empty"),
        (b" \r\n", "is empty"),
        (b"<!DOCTYPE html><html>", "page of HTML"),
        (b"\xef\xbb\xbf\n<html>", "page of HTML"),
        (b"upstream connect error", "not JSON at character 0 of 22"),
        (b'{"data": [1, 2', "not JSON at character 14 of 14"),
        (b'{"data": 1} {"data": 2}', "not JSON at character 12 of 23"),
        # Python 3.13 reports the position of the comma, older versions that of the brace.
        (b'{"a": 1,}', "not JSON at character [78] of 9"),
        (b'{"name": "\xff"}', "not text at byte 10 of 13"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deep"),
        (b"[" * 100_000, "nested too deep"),
    ],
)
def test_refused_bodies(body: bytes, reason: str) -> None:
    with pytest.raises(RetabError, match=reason) as caught:
        decode(body)
    assert caught.value.kind == "bad_response"
    assert not caught.value.retryable


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
    st.booleans(),
)
def test_json_round_trips(value: Json, ascii_only: bool) -> None:
    assert decode(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@given(st.binary())
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        value = decode(body)
    except RetabError as error:
        assert error.kind == "bad_response"  # noqa: PT017
    else:
        assert value is None or isinstance(value, str | int | float | list | dict)
