from collections.abc import Iterator

import pytest

from retab_mcp.safety import cards
from retab_mcp.safety.redact import redact_text
from retab_mcp.safety.sanitize import sanitize

VISA = "4000 0566 5566 5556"


@pytest.fixture(autouse=True)
def read_the_setting_again() -> Iterator[None]:
    cards.hides_cards.cache_clear()
    yield
    cards.hides_cards.cache_clear()


@pytest.mark.parametrize(
    "number", [VISA, VISA.replace(" ", ""), VISA.replace(" ", "-"), "3782 822463 10005"]
)
def test_card_numbers_in_text_are_redacted(number: str) -> None:
    assert redact_text(f"paid with {number}.") == ("paid with [redacted].", 1)


def test_card_numbers_sent_as_numbers_are_redacted() -> None:
    assert sanitize({"n": 378282246310005}).value == {"n": "[redacted]"}


@pytest.mark.parametrize(
    "text",
    [
        "4000 0566 5566 5557",  # a wrong check digit
        "GTIN 04006381333931",
        "DE89 3704 0044 0532 0130 00",
        "run_4000056655665556",
        "0.4000056655665556",
        "9000056655665556",
    ],
)
def test_other_numbers_are_not_redacted(text: str) -> None:
    assert redact_text(text) == (text, 0)


def test_a_setting_shows_card_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cards.CARDS_VARIABLE, "0")
    assert redact_text(VISA) == (VISA, 0)
    assert sanitize(378282246310005).value == 378282246310005


@pytest.mark.parametrize(
    ("text", "safe", "count"),
    [
        ("4111 1111 1111 1111", "[redacted]", 1),
        ("4000-0566-5566-5556", "[redacted]", 1),
        ("5555555555554444", "[redacted]", 1),
        ("378282246310005", "[redacted]", 1),
        ("3782 822463 10005", "[redacted]", 1),
        ("4000056655665556.", "[redacted].", 1),
        ("30569309025904", "[redacted]", 1),
        ("6011111111111117", "[redacted]", 1),
        ("3530111333300000", "[redacted]", 1),
        ("6200000000000005", "[redacted]", 1),
        ("2223003122003222", "[redacted]", 1),
    ],
)
def test_numbers_of_each_issuer_are_redacted(text: str, safe: str, count: int) -> None:
    assert redact_text(text) == (safe, count)


@pytest.mark.parametrize(
    "text",
    [
        "x4000056655665556",
        "4000056655665556.5",
        "-4000056655665556",
    ],
)
def test_numbers_in_other_numbers_are_shown(text: str) -> None:
    assert redact_text(text) == (text, 0)
