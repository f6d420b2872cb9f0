"""Credentials encoded as base64."""

import base64

import pytest

from retab_mcp.safety.redact import redact_text
from tests.safety.keys import BY_FORM

AWS = BY_FORM["aws"]


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("text", "safe", "count"),
    [
        (encoded('{"password": "hunter2"}'), "[redacted]", 1),
        (encoded("xpassword: hunter2"), "[redacted]", 1),
        (encoded("xxpassword: hunter2"), "[redacted]", 1),
        (encoded("token=abcd1234"), "[redacted]", 1),
        (encoded('{"password": "hunter2"}').rstrip("=") + "!", "[redacted]!", 1),
        (encoded('{"password": "hunter2"}').replace("=", ""), "[redacted]", 1),
        (encoded('{"PASSWORD": "hunter2"}'), "[redacted]", 1),
        (encoded('{"Password": "hunter2"}'), "[redacted]", 1),
        ("x " + encoded("api_key=abcd1234") + " y", "x [redacted] y", 1),
        (encoded(AWS), "[redacted]", 1),
    ],
)
def test_what_is_encoded_is_redacted(text: str, safe: str, count: int) -> None:
    assert redact_text(text) == (safe, count)


@pytest.mark.parametrize(
    "text",
    [
        encoded('{"password": null}'),
        encoded("{'total': 1}"),
        "a" + encoded('{"password": "hunter2"}'),
    ],
)
def test_other_base64_is_shown(text: str) -> None:
    assert redact_text(text) == (text, 0)


def test_what_is_encoded_is_redacted_at_any_place() -> None:
    secret, plain = encoded('{"password": "hunter2"}'), encoded("{'total': 1}")
    text = "the total " * 2_000
    assert redact_text(f"{secret} {plain} {secret} {text} {secret}") == (
        f"[redacted] {plain} [redacted] {text} [redacted]",
        3,
    )
    assert redact_text(f"{text}{secret}") == (f"{text}[redacted]", 1)
