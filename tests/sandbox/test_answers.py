"""Pages and bodies."""

import json

from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response

from retab_mcp.sandbox.answers import Bodies, page, to_bytes
from retab_mcp.sandbox.query import Cursor


def shown(response: Response) -> tuple[list[str], str | None, str | None]:
    body = json.loads(bytes(response.body))
    metadata = body["list_metadata"]
    return body["data"], metadata["before"], metadata["after"]


def pages(
    ids: list[str], limit: int, *, before: str | None = None, after: str | None = None
) -> tuple[list[str], str | None, str | None]:
    return shown(page(ids, str, to_bytes, Cursor(before, after), limit))


@given(count=st.integers(0, 40), limit=st.integers(1, 12))
def test_following_after_returns_each_row_once_in_order(count: int, limit: int) -> None:
    ids = [f"id_{number}" for number in range(count)]
    rows, _, after = pages(ids, limit)
    seen = rows
    while after is not None:
        rows, before, after = pages(ids, limit, after=after)
        assert rows
        assert before == rows[0]
        seen += rows
    assert seen == ids


@given(count=st.integers(1, 40), limit=st.integers(1, 12), at=st.integers(0, 39))
def test_before_returns_the_preceding_rows(count: int, limit: int, at: int) -> None:
    ids = [f"id_{number}" for number in range(count)]
    at = min(at, count - 1)
    rows, _, _ = pages(ids, limit, before=ids[at])
    assert rows == ids[max(0, at - limit) : at]


def test_an_unknown_cursor_is_ignored() -> None:
    assert pages(["a", "b", "c"], 2, after="nonsense") == (["a", "b"], None, "b")


def test_a_body_is_serialised_once() -> None:
    bodies, calls = Bodies(), []

    def build() -> dict[str, int]:
        calls.append(1)
        return {"a": 1}

    assert bodies.get("key", build) == bodies.get("key", build) == b'{"a":1}'
    assert len(calls) == 1


def test_text_is_utf8_and_a_lone_surrogate_is_escaped() -> None:
    assert to_bytes({"a": "é\ud800"}) == '{"a":"é\\ud800"}'.encode()
    assert json.loads(to_bytes("\ud800")) == "\ud800"
