"""Lists in five forms, and bodies without a list."""

from typing import Any

import pytest
from hypothesis import given

from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize import rows_from_wire
from tests.retab.wires import JSON

ROW = {"id": "a"}


@pytest.mark.parametrize(
    "body",
    [
        [ROW],
        {"data": [ROW]},
        {"runs": [ROW]},
        {"content": {"jobs": [ROW]}},
        {"outputs": [ROW]},
        {"data": None, "runs": [ROW]},
    ],
)
def test_forms(body: Any) -> None:
    assert rows_from_wire(body).items == (ROW,)


def test_map_of_outputs_is_a_list_by_step_id() -> None:
    rows = rows_from_wire({"outputs": {"s1": {}, "s2": {"step_id": "own"}, "s3": None}})
    assert rows.items == ({"step_id": "s1"}, {"step_id": "own"})
    assert rows.unread == 1


def test_the_cursor_of_the_next_page() -> None:
    assert rows_from_wire({"data": [], "list_metadata": {"after": "a"}}).next_cursor == "a"
    assert rows_from_wire({"data": [], "list_metadata": {"after": ""}}).next_cursor is None
    assert rows_from_wire({"data": [], "list_metadata": None}).next_cursor is None
    assert rows_from_wire({"data": [], "has_more": True}).has_more is True
    assert rows_from_wire({"data": [], "has_more": "yes"}).has_more is None


@pytest.mark.parametrize("body", [{}, {"data": {}}, {"detail": "no"}, {"content": []}])
def test_an_object_without_a_list_differs_from_an_empty_list(body: Any) -> None:
    assert not rows_from_wire(body).found
    assert rows_from_wire({"data": []}).found


@given(JSON)
def test_any_json_reads_or_is_refused(body: Any) -> None:
    if isinstance(body, list | dict):
        assert all(isinstance(row, dict) for row in rows_from_wire(body).items)
        return
    with pytest.raises(RetabError) as refused:
        rows_from_wire(body)
    assert refused.value.kind == "bad_response"
