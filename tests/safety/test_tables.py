"""Credentials in tables that are written as text."""

import pytest

from retab_mcp.safety.redact import redact_text
from tests.safety.keys import LETTERS


@pytest.mark.parametrize(
    ("text", "safe", "count"),
    [
        (
            "user | password\nida | hunter2\n\nx | y",
            "user | password\nida | [redacted]\n\nx | y",
            1,
        ),
        (
            "| user | password |\n|---|---|\n| ida | hunter2 |\nafter",
            "| user | password |\n|---|---|\n| ida | [redacted] |\nafter",
            1,
        ),
        ("user,password\nida,hunter2\nbob,none\n", "user,password\nida,[redacted]\nbob,none\n", 1),
        ("user;pin\nida;1234", "user;pin\nida;[redacted]", 1),
        ("user\tpassword\nida\thunter2", "user\tpassword\nida\t[redacted]", 1),
        ("user  password\nida  hunter2", "user  password\nida  [redacted]", 1),
        ('"user","password"\n"ida","hun,ter2"', '"user","password"\n"ida","[redacted]"', 1),
        (
            "a,b,password,d\n1,2,hunter2,4\n5,6,hunter3,8",
            "a,b,password,d\n1,2,[redacted],4\n5,6,[redacted],8",
            2,
        ),
        (
            "x" * 40 + ",password\nida,hunter2",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx,password\nida,[redacted]",
            1,
        ),
        ("user,password\n---,---\nida,hunter2", "user,password\n---,---\nida,[redacted]", 1),
        ("x\nuser,password\nida,hunter2\nend", "x\nuser,password\nida,[redacted]\nend", 1),
        ('user|password\nida| "hunter2"', 'user|password\nida| "[redacted]"', 1),
        (
            "user,password\nida, wrong: 'Tr0ub4dor9x' sent\nbob,hunter2",
            "user,password\nida, wrong: '[redacted]' sent\nbob,[redacted]",
            2,
        ),
        ("user|pin|otp\nida|1234|482913", "user|pin|otp\nida|[redacted]|[redacted]", 2),
    ],
)
def test_cells_below_a_name_are_redacted(text: str, safe: str, count: int) -> None:
    assert redact_text(text) == (safe, count)


@pytest.mark.parametrize(
    "text",
    [
        "password\nhunter2",
        "user,password\nida,hunter2,x",
        "user=1,password\nida,hunter2",
        "user: a,password\nida,hunter2",
        "user,key\nida," + LETTERS,
        "x" * 41 + ",password\nida,hunter2",
        "user,password\n\nida,hunter2",
        "user,password",
    ],
)
def test_other_tables_are_shown(text: str) -> None:
    assert redact_text(text) == (text, 0)
