"""Passwords among the options of commands, and one-time codes."""

import pytest

from retab_mcp.safety.redact import redact_text


@pytest.mark.parametrize(
    ("text", "safe", "count"),
    [
        ("curl -u ida:hunter2 https://h", "curl -u ida:[redacted] https://h", 1),
        ("curl --user ida:hunter2", "curl --user ida:[redacted]", 1),
        ("mysql -u root -phunter2", "mysql -u root -p[redacted]", 1),
        ("redis-cli -a hunter2", "redis-cli -a [redacted]", 1),
        ("sshpass -p hunter2 ssh", "sshpass -p [redacted] ssh", 1),
        ("docker login -u a -p hunter2", "docker login -u a -p [redacted]", 1),
        ("openssl -passin pass:hunter2", "openssl -passin pass:[redacted]", 1),
        ("7z a -phunter2 x.7z", "7z a -p[redacted] x.7z", 1),
        ("net use x: \\\\h\\d /user:ida hunter2", "net use x: \\\\h\\d /user:ida [redacted]", 1),
        ("sqlplus ida/hunter2@db", "sqlplus ida/[redacted]@db", 1),
        ("keytool -storepass hunter2", "keytool -storepass [redacted]", 1),
        ("your code is 482913", "your code is [redacted]", 1),
        ("482913 is your code", "[redacted] is your code", 1),
        ("482913 is your otp pin", "[redacted] is your otp pin", 1),
        ("verification code: 482913", "verification code: [redacted]", 1),
        ("confirmation code 482913", "confirmation code [redacted]", 1),
        ("sign-in code 4829", "sign-in code [redacted]", 1),
        ("G-482913 is your verification code", "[redacted] is your verification code", 1),
    ],
)
def test_passwords_and_codes_are_redacted(text: str, safe: str, count: int) -> None:
    assert redact_text(text) == (safe, count)


@pytest.mark.parametrize(
    "text",
    [
        "curl -u ida:1234",
        "curl -u ida:{{pw}}",
        "mysql -p",
        "docker run -p 80",
        "code 482913",
    ],
)
def test_other_options_and_numbers_are_shown(text: str) -> None:
    assert redact_text(text) == (text, 0)
