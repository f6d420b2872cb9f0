"""The messages of an error are found in every layer and form of it."""

import pytest

from retab_mcp.analysis.cause.evidence.error_layers import MAX_MESSAGES, is_trace, messages_in
from retab_mcp.models import Json

PYTHON = """Traceback (most recent call last):
  File "block.py", line 4, in main
    total = row["weight"]
KeyError: 'weight'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "block.py", line 6, in main
    raise ValueError("row 3 is incomplete")
ValueError: row 3 is incomplete"""
GO = (
    "panic: runtime error: index out of range [5] with length 3\n\n"
    "goroutine 1 [running]:\nmain.main()\n\t/srv/x.go:8 +0x1d\nexit status 2"
)
NET = (
    "System.InvalidOperationException: no batch ---> System.FormatException: bad guid\n   at A.B()"
)
JAVASCRIPT = "TypeError: iban is undefined\n    at map (/code/main.js:12:3)"


@pytest.mark.parametrize(
    ("error", "messages"),
    [
        (None, []),
        (7, []),
        ("", []),
        ("Step failed", []),
        ({"message": "Step failed", "cause": {"message": "no iban"}}, ["no iban"]),
        ({"error": {"inner": {"exception": {"msg": "no iban"}}}}, ["no iban"]),
        (
            {"message": "[object Object]", "errors": [{"detail": "no iban"}, "no bic"]},
            ["no iban", "no bic"],
        ),
        ('Request failed: {"error": {"message": "no iban"}}', ["no iban"]),
        ('"{\\"message\\": \\"no iban\\"}"', ["no iban"]),
        ({"message": '{"text": "no iban", "originalError": {"reason": "no bic"}}'}, ["no iban", "no bic"]),
        ("Module 'crypto' is disallowed [line 2]", ["Module 'crypto' is disallowed [line 2]"]),
        ({"message": "no iban", "cause": {"message": "NO IBAN."}}, ["no iban"]),
        ({"message": "no iban", "cause": {"message": "row 2: no iban"}}, ["row 2: no iban"]),
        ({"stack_trace": PYTHON}, ["ValueError: row 3 is incomplete", "KeyError: 'weight'"]),
        ({"stack_trace": "Traceback (most recent call last):\n  …\nKeyError: 'x'"}, ["KeyError: 'x'"]),
        (GO, ["runtime error: index out of range [5] with length 3"]),
        (NET, ["System.InvalidOperationException: no batch", "System.FormatException: bad guid"]),
        (JAVASCRIPT, ["TypeError: iban is undefined"]),
        # A request that was sent is no error.
        ({"message": "no iban", "request": {"message": "hello"}}, ["no iban"]),
    ],
)  # fmt: skip
def test_messages(error: Json, messages: list[str]) -> None:
    assert messages_in(error) == messages


def test_first_and_last_of_many_messages_are_kept() -> None:
    found = messages_in({"errors": [f"field_{letter} is odd" for letter in "abcdefghij"]})
    assert len(found) == MAX_MESSAGES
    assert (found[0], found[-1]) == ("field_a is odd", "field_j is odd")


def test_deep_and_broken_errors_are_read_without_failing() -> None:
    deep: Json = "the bottom"
    for _ in range(5_000):
        deep = {"cause": deep}
    assert messages_in(deep) == []
    assert messages_in('{"iban": ') == ['{"iban":']
    assert messages_in("[" * 50_000) != []


def test_only_a_trace_is_a_trace() -> None:
    assert is_trace(PYTHON)
    assert is_trace(GO)
    assert not is_trace("row 3\nis incomplete")
