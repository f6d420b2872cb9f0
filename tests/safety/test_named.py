import pytest

from retab_mcp.safety.redact import redact_text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("password=hunter2", "password=[redacted]"),
        ("password: hunter2, then", "password: [redacted], then"),
        ("Server=db;Password=ab,cd;Port=1", "Server=db;Password=[redacted];Port=1"),
        ("AccountKey=ab/c+d==;Suffix=x", "AccountKey=[redacted];Suffix=x"),
        ('{"api_key": "a b c", "n": 1}', '{"api_key": "[redacted]", "n": 1}'),
        ("{'apiKey': 'abc', 'n': 1}", "{'apiKey': '[redacted]', 'n': 1}"),
        (r"{\"password\":\"x y\",\"n\":1}", r"{\"password\":\"[redacted]\",\"n\":1}"),
        (
            "https://x.example/?access_token=abcd&page=2",
            "https://x.example/?access_token=[redacted]&page=2",
        ),
        ("X-Api-Key: abcd1234\nHost: x", "X-Api-Key: [redacted]\nHost: x"),
        ("api key: abcd1234", "api key: [redacted]"),
        ("Cookie: a=1; b=2\nHost: x", "Cookie: [redacted]\nHost: x"),
        ("Set-Cookie: sid=1; Path=/", "Set-Cookie: [redacted]"),
        ("Authorization: Token abc123def", "Authorization: Token [redacted]"),
        (
            "Authorization: AWS4-HMAC-SHA256 Credential=a/b, Signature=c1",
            "Authorization: AWS4-HMAC-SHA256 [redacted]",
        ),
        ("clientSecret => 'abc'", "clientSecret => '[redacted]'"),
        (
            "401 Client Error: invalid token: abcd1234",
            "401 Client Error: invalid token: [redacted]",
        ),
        ("PASSWORD = 'with spaces'", "PASSWORD = '[redacted]'"),
        ("password%3Dhunter2", "password%3D[redacted]"),
    ],
)
def test_a_value_after_a_secret_name_is_redacted(text: str, safe: str) -> None:
    assert redact_text(text) == (safe, 1)


@pytest.mark.parametrize(
    "text",
    [
        "total_tokens=500, max_tokens: 4096",
        "SyntaxError: Unexpected token: }",
        "Unexpected token < in JSON at position 0",
        "password: null, token: None, secret=''",
        "password=[redacted]",
        '{"token": "[redacted]"}',
        "Authorization: pending approval by the board",
        "key=value&sort=asc",
        "api_key_id=key_123456",
        "the secret of success: work",
        "the keyword: total",
    ],
)
def test_other_values_are_not_redacted(text: str) -> None:
    assert redact_text(text) == (text, 0)


def test_positions_are_right_where_lower_case_is_longer() -> None:
    assert redact_text("İİİ password=hunter2") == ("İİİ password=[redacted]", 1)


def test_every_redaction_is_counted() -> None:
    assert redact_text("password=abcd&token=efgh secret: ijkl")[1] == 3
