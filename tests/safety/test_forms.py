import base64

import pytest

from retab_mcp.safety.redact import redact_text
from tests.safety.keys import BY_FORM, JWT, LETTERS


@pytest.mark.parametrize("form", BY_FORM)
@pytest.mark.parametrize(
    "around", ["{}", "the key {} was refused", '{{"value":"{}"}}', "({})", "k={}", "/v1/{}/files"]
)
def test_a_key_is_redacted_anywhere_in_a_text(form: str, around: str) -> None:
    key = BY_FORM[form]
    text, count = redact_text(around.format(key))
    assert (text, count) == (around.format("[redacted]"), 1)


@pytest.mark.parametrize("form", BY_FORM)
def test_no_part_of_a_key_is_left(form: str) -> None:
    text, _ = redact_text(f"before {BY_FORM[form]} after")
    assert LETTERS[5:] not in text
    assert text.startswith("before ")
    assert text.endswith(" after")


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        (f"Bearer {LETTERS}", "Bearer [redacted]"),
        (f"bearer {JWT}", "bearer [redacted]"),
        ("BEARER abcdef123456", "BEARER [redacted]"),
        (
            f"Basic {base64.b64encode(b'user:password').decode()}",
            "Basic [redacted]",
        ),
        ("postgres://me:pw@db/x", "postgres://me:[redacted]@db/x"),
        (
            "postgresql+asyncpg://me:p@ss/w@db:5432/x",
            "postgresql+asyncpg://me:[redacted]@db:5432/x",
        ),
        ("redis://:pw@cache:6379/0", "redis://:[redacted]@cache:6379/0"),
        ("mongodb+srv://u:pw@c.example/x?a=b", "mongodb+srv://u:[redacted]@c.example/x?a=b"),
        ("https://u:pw@x.example/a@b", "https://u:[redacted]@x.example/a@b"),
        (
            "could not connect to mysql://root:hunter2@10.0.0.1:3306/app (timeout)",
            "could not connect to mysql://root:[redacted]@10.0.0.1:3306/app (timeout)",
        ),
        (
            "https://b.example/f.pdf?X-Amz-Date=2026&X-Amz-Signature=abc123&X-Amz-Expires=60",
            "https://b.example/f.pdf?X-Amz-Date=2026&X-Amz-Signature=[redacted]&X-Amz-Expires=60",
        ),
        (
            "https://a.example/f?sv=2026-01-01&sr=b&sig=ab%2Bcd%3D&se=2026",
            "https://a.example/f?sv=2026-01-01&sr=b&sig=[redacted]&se=2026",
        ),
        (
            "https://c.example/f?Expires=1&Signature=ab~cd&Key-Pair-Id=K1",
            "https://c.example/f?Expires=1&Signature=[redacted]&Key-Pair-Id=K1",
        ),
        (
            "next=https%3A%2F%2Fx.example%2Ff%3Fa%3D1%26sig%3Dabcdef%26b%3D2",
            "next=https%3A%2F%2Fx.example%2Ff%3Fa%3D1%26sig%3D[redacted]%26b%3D2",
        ),
        (
            "POST https://hooks.slack.com/services/T000/B000/" + LETTERS,
            "POST https://hooks.slack.com/services/[redacted]",
        ),
    ],
)
def test_only_the_secret_part_is_redacted(text: str, safe: str) -> None:
    assert redact_text(text)[0] == safe


@pytest.mark.parametrize(
    "text",
    [
        "file_V1StGXR8Z5jdHi6BmyT run_V1StGXR8Z5jdHi6BmyT extr_V1StGXR8Z5jdHi6BmyT",
        "wf_abc step_abc eval_abc exprun_abc task_force desk_lamp insert_row",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "550e8400-e29b-41d4-a716-446655440000",
        "DE89 3704 0044 0532 0130 00, invoice 2026-00431, total 4,999.00 EUR",
        "basic information about bearer certificates, basic auth is not used",
        "https://x.example:8080/a?mail=a@b.example",
        "https://x.example/a?page=2&expires=60",
        "design, signature: see page 3, the sign=plus",
        "data:image/png;base64," + base64.b64encode(bytes(range(256)) * 4).decode(),
        base64.b64encode(b'{"total": 1}').decode(),
        "the pattern ASIA is a continent",
        "mailto:jane@company.example",
        "risk_assessment_total and disk_usage",
    ],
)
def test_ordinary_data_is_not_redacted(text: str) -> None:
    assert redact_text(text) == (text, 0)


def test_an_unterminated_private_key_is_redacted_to_the_end() -> None:
    text = BY_FORM["private key"][:90]
    assert redact_text(f"key:\n{text}")[0] == "key:\n[redacted]"


def test_many_partial_matches_take_linear_time() -> None:
    for start in ("eyJ", "://a:", "Bearer ", "password", "-----BEGIN PRIVATE KEY-----", "xoxb-"):
        text, _ = redact_text(start * 20_000)
        assert text
