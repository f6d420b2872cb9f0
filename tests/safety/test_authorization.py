"""What follows the name of an authorization header."""

import pytest

from retab_mcp.safety.redact import redact_text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Authorization: Bearer abc, x=1", "Authorization: Bearer [redacted]"),
        ('Authorization: Signature keyId="a",signature="b"', "Authorization: Signature [redacted]"),
        ("Authorization: Basic dXNlcjpwYXNz== and", "Authorization: Basic [redacted]"),
        ("Authorization: Token token=abc1", "Authorization: Token [redacted]"),
        ("authorization Bearer abcd1234", "authorization Bearer [redacted]"),
        ("GET / HTTP/1.1\nAuthorization: abcdef", "GET / HTTP/1.1\nAuthorization: [redacted]"),
        ("Authorization: abc def\nHost: h", "Authorization: [redacted] def\nHost: h"),
        ("authorization: aB3dE5fG7hJ9", "authorization: [redacted]"),
        ("curl -H 'Authorization: Bearer abc'", "curl -H 'Authorization: Bearer [redacted]'"),
        ("-H Authorization: abc", "-H Authorization: [redacted]"),
        ("Proxy-Authorization: Basic abc1", "Proxy-Authorization: Basic [redacted]"),
        (
            "authorization: AWS4-HMAC-SHA256 Credential=a/b, Signature=c",
            "authorization: AWS4-HMAC-SHA256 [redacted]",
        ),
    ],
)
def test_a_scheme_is_shown_and_what_follows_it_is_not(text: str, safe: str) -> None:
    assert redact_text(text) == (safe, 1)


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer {{t}} x",
        "Authorization: Bearer",
        "authorization: granted by ida",
        "Authorization: abc",
        "x-api: 1\r\nAuthorization: abc1\r\nHost: h",
        "Authorization: Bearer abc def",
        "authorization: Bearer must be set",
        "authorization: bearer token",
    ],
)
def test_words_about_an_authorization_are_shown(text: str) -> None:
    assert redact_text(text) == (text, 0)
