"""Credentials in HTML tables."""

import pytest

from retab_mcp.safety.redact import redact_text


@pytest.mark.parametrize(
    ("text", "safe", "count"),
    [
        (
            "<table><tr><th>user</th><th>password</th></tr><tr><td>ida</td><td>hunter2</td></tr></table>",
            "<table><tr><th>user</th><th>password</th></tr><tr><td>ida</td><td>[redacted]</td></tr></table>",
            1,
        ),
        (
            "<table><tr><td>user</td><td>password</td></tr><tr><td>ida</td><td>hunter2</td></tr></table>",
            "<table><tr><td>user</td><td>password</td></tr><tr><td>ida</td><td>[redacted]</td></tr></table>",
            1,
        ),
        (
            "<table><tr><th>user</th><th><b>password</b></th></tr><tr><td>ida</td><td><b>hunter2</b></td></tr></table><table><tr><td>a</td><td>b</td></tr></table>",
            "<table><tr><th>user</th><th><b>password</b></th></tr><tr><td>ida</td><td><b>[redacted]</b></td></tr></table><table><tr><td>a</td><td>b</td></tr></table>",
            1,
        ),
        (
            "<table><tr><th>password</th><td>hunter2</td></tr></table>",
            "<table><tr><th>password</th><td>[redacted]</td></tr></table>",
            1,
        ),
        (
            "<tr><td>user</td><td>pin</td></tr><tr><td>ida</td><td>1234</td></tr>",
            "<tr><td>user</td><td>pin</td></tr><tr><td>ida</td><td>[redacted]</td></tr>",
            1,
        ),
        (
            "<tr><th>pin</th></tr><tr><td>1234</td></tr><tr><td>12345 <i>6789</i>",
            "<tr><th>pin</th></tr><tr><td>[redacted]</td></tr><tr><td>[redacted] <i>[redacted]</i>",
            3,
        ),
    ],
)
def test_cells_below_a_name_are_redacted(text: str, safe: str, count: int) -> None:
    assert redact_text(text) == (safe, count)


@pytest.mark.parametrize(
    "text",
    [
        "<tr><th>user</th><th>total</th></tr><tr><td>a</td><td>hunter2</td></tr>",
        "<tr><th>pin 2</th></tr><tr><td>1234</td></tr>",
        f"<tr><th>{'x' * 57} pin</th></tr><tr><td>1234</td></tr>",
        f"<tr><th>pin<i {'x' * 240}></i></th></tr><tr><td>1234</td></tr>",
        "<tr><th>pin</th></tr></table><table><tr><th>id</th></tr><tr><td>1234</td></tr>",
    ],
)
def test_other_tables_are_shown(text: str) -> None:
    assert redact_text(text) == (text, 0)
