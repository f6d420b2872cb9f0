"""Messages that differ only in ids, numbers and quoted values fold to the same text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.analysis.message_folding import fold_message


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("KeyError: 'C3'", "KeyError: 'D17'"),
        ('column "net price" missing', 'column "tax" missing'),
        ("line 17 of 500 failed", "line 4 of 12 failed"),
        ("file_8VclNBrpRMKVYnQrwdF6u not found", "file_a71xNBrpRMKVYnQrw111u not found"),
        (
            "job 5f0c8a0e-1b1e-4d5c-9a55-0a4f3c1d2e3f lost",
            "job 00000000-1b1e-4d5c-9a55-0a4f3c1d2e3f lost",
        ),
        ("GET https://a.example.com/x?y=1 failed", "GET https://b.example.com/ failed"),
        ("timed out\n after 3.5 s", "timed out after 12 s"),
    ],
)
def test_same_failure_with_other_values(one: str, other: str) -> None:
    assert fold_message(one) == fold_message(other)


def test_different_failures_stay_different() -> None:
    messages = ["connection refused", "connection reset", "KeyError: 'a'", "ValueError: 'a'"]
    assert len({fold_message(message) for message in messages}) == 4


def test_an_apostrophe_does_not_open_a_quote() -> None:
    assert fold_message("can't read it, don't try") == "can't read it, don't try"


@given(st.text())
def test_folding_twice_changes_nothing(message: str) -> None:
    assert fold_message(fold_message(message)) == fold_message(message)
