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
    ],
)
def test_cells_below_a_name_are_redacted(text: str, safe: str, count: int) -> None:
    assert redact_text(text) == (safe, count)


@pytest.mark.parametrize(
    "text",
    [
        "<tr><th>user</th><th>total</th></tr><tr><td>a</td><td>hunter2</td></tr>",
    ],
)
def test_other_tables_are_shown(text: str) -> None:
    assert redact_text(text) == (text, 0)
