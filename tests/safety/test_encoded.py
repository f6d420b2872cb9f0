"""Credentials encoded as base64."""

import base64

import pytest

from retab_mcp.safety.redact import redact_text
from tests.safety.keys import BY_FORM, LETTERS

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


WORDS = (
    "password passwd passwort secret api_key apikey api-key token private_key credential passphrase"
)
PREFIXES = (
    *("ghp" + "_", "gho" + "_", "ghs" + "_", "github" + "_pat_", "glpat" + "-", "xoxb" + "-1"),
    *("xoxp" + "-1", "sk_" + "live_", "sk_" + "test_", "rk_" + "live_", "rt_" + "live_"),
    *("rt_" + "test_", "sk_" + "retab_", "sk-" + "proj-", "sk-" + "ant-", "AI" + "za"),
    *("hf" + "_", "np" + "m_", "shpat" + "_"),
)
FORMS = set(BY_FORM) - {"azure app"}  # which begins with any three characters
TEXTS = (
    *(f"{word}=Tr0ub4dor9x!" for word in WORDS.split()),
    *("cookie: sid=12345", "authorization: Token abcd1234", "bearer abcd12345678"),
    *("Passwd=Tr0ub4dor9x!", "PASSWORT=Tr0ub4dor9x!"),
)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("before", ["", "x ", "xx "])
def test_each_word_of_a_credential_is_found_at_each_place_of_a_group(
    before: str, text: str
) -> None:
    if before and text.startswith("token"):
        return  # so short a word is in too many texts
    assert redact_text(f"see {encoded(before + text)} there") == ("see [redacted] there", 1)


@pytest.mark.parametrize(
    "key",
    [
        *(prefix + LETTERS + "abc" for prefix in PREFIXES),
        *(BY_FORM[form] for form in sorted(FORMS)),
    ],
)
def test_each_key_is_found_in_base64(key: str) -> None:
    assert redact_text(f"see {encoded(key)} there") == ("see [redacted] there", 1)
