import base64

import pytest

from retab_mcp.safety.redact import redact_text
from tests.safety.keys import BY_FORM, JWT, LETTERS

AWS = BY_FORM["aws"]
PRIVATE = "PRIVATE KEY"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


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


@pytest.mark.parametrize(
    ("text", "safe", "count"),
    [
        (AWS, "[redacted]", 1),
        (AWS + "a", "[redacted]a", 1),
        (AWS + "_x", "[redacted]_x", 1),
        ("x" + AWS, "x[redacted]", 1),
        ("ASIA" + "ABCDEFGH23456723", "[redacted]", 1),
        ("ASIA" + "ABCDEFGH1890ABCD", "[redacted]", 1),
        ("sk-" + LETTERS, "[redacted]", 1),
        ("sk-" + LETTERS[:16], "[redacted]", 1),
        ("_sk-" + LETTERS, "_[redacted]", 1),
        ("sk_live_" + LETTERS[:10], "[redacted]", 1),
        ("sk_" + LETTERS[:20], "[redacted]", 1),
        ("ghp_" + LETTERS[:20], "[redacted]", 1),
        ("ghp_" + LETTERS[:12] + "\n" + LETTERS[12:24], "[redacted]", 1),
        ("ghp_" + LETTERS[:12] + "\\n" + LETTERS[12:24], "[redacted]", 1),
        ("ghp_" + LETTERS[:12] + " \n " + LETTERS[12:24], "[redacted]", 1),
        ("ghp_" + LETTERS * 20, "[redacted]", 1),
        ("ghp_" + LETTERS * 8 + "/a", "[redacted]/a", 1),
        ("xoxb-" + "1bcdefghij", "[redacted]", 1),
        ("xoxd-" + LETTERS + "/files", "[redacted]/files", 1),
        ("xoxd-" + LETTERS + "/AbC", "[redacted]", 1),
        ("test_" + LETTERS[:28], "[redacted]", 1),
        ("Bearer " + LETTERS, "Bearer [redacted]", 1),
        ("Bearer abcdefghijklmnopqrst", "Bearer [redacted]", 1),
        ("Bearer abcDefgh", "Bearer [redacted]", 1),
        ("Bearer 1234567a", "Bearer [redacted]", 1),
        ("Bearer 123456a", "Bearer [redacted]", 1),
        ("bearer: " + LETTERS, "bearer: [redacted]", 1),
        ("bearer=" + LETTERS, "bearer=[redacted]", 1),
        ("Bearer '" + LETTERS + "'", "Bearer '[redacted]'", 1),
        ("Basic " + encoded("ida:pw"), "Basic [redacted]", 1),
        ("Basic " + encoded("ida:p?>").replace("+", "-").replace("/", "_"), "Basic [redacted]", 1),
        ('Digest username="a", response="b"', "Digest [redacted]", 1),
        ('Hawk id="a", mac="b"', "Hawk [redacted]", 1),
        ('OAuth oauth_signature="x"', "OAuth [redacted]", 1),
        ("token " + "0123456789abcdef" * 2, "token [redacted]", 1),
        ("token " + "0123456789abcdef" * 2 + "g", "token [redacted]", 1),
        ("token " + "0123456789abcde" * 2, "token [redacted]", 1),
        ("apikey " + "0123456789abcdef" * 2, "apikey [redacted]", 1),
        ("12345678:AA" + LETTERS, "[redacted]", 1),
        ("0123456789abcdef" * 2 + "-us12", "[redacted]", 1),
        ("pat" + LETTERS[:14] + "." + "0123456789" * 4, "[redacted]", 1),
        ("00D" + LETTERS[:12] + "!" + LETTERS * 2, "[redacted]", 1),
        ("1/1234567890:" + "0123456789abcdef" * 2, "[redacted]", 1),
        ("SG." + LETTERS[:16] + "." + LETTERS[:16], "[redacted]", 1),
        (
            "https://hooks.slack.com/services/" + LETTERS[:10],
            "https://hooks.slack.com/services/[redacted]",
            1,
        ),
        (
            "https://discord.com/api/webhooks/12345/" + LETTERS,
            "https://discord.com/api/webhooks/[redacted]",
            1,
        ),
        (
            "https://discordapp.com/api/v10/webhooks/12345/" + LETTERS,
            "https://discordapp.com/api/v10/webhooks/[redacted]",
            1,
        ),
        (
            "https://hooks.zapier.com/hooks/catch/123456/abcdef",
            "https://hooks.zapier.com/hooks/catch/[redacted]",
            1,
        ),
        (
            "https://api.telegram.org/bot" + LETTERS[:10],
            "https://api.telegram.org/bot[redacted]",
            1,
        ),
        (
            "-----BEGIN "
            + PRIVATE
            + "-----\n"
            + LETTERS
            + "\n-----END "
            + PRIVATE
            + "-----\nafter",
            "[redacted]\nafter",
            1,
        ),
        (
            "-----BEGIN "
            + PRIVATE
            + "-----\n"
            + LETTERS
            + "\n-----BEGIN "
            + PRIVATE
            + "-----\n"
            + LETTERS[::-1]
            + "\n-----END "
            + PRIVATE
            + "----- x",
            "[redacted] x",
            1,
        ),
        (
            "Private-Lines: 2\n" + LETTERS + "\n" + LETTERS + "\nPrivate-MAC: 12",
            "[redacted]: 12",
            1,
        ),
        (
            "-----BEGIN "
            + PRIVATE
            + "-----\nProc-Type: 4,ENCRYPTED\n"
            + LETTERS
            + "\n-----END "
            + PRIVATE
            + "-----",
            "[redacted]",
            1,
        ),
        (
            'key "'
            + "-----BEGIN RSA "
            + PRIVATE
            + "-----\\n"
            + LETTERS
            + "\\n-----END RSA "
            + PRIVATE
            + '-----"',
            'key "[redacted]"',
            1,
        ),
        ("https://u:pw@h/x", "https://u:[redacted]@h/x", 1),
        ("https://" + LETTERS + "@h/x", "https://[redacted]@h/x", 1),
        ("https://" + LETTERS + ":x@h/x", "https://[redacted]@h/x", 1),
        ("postgres://u:p/w@h/x", "postgres://u:[redacted]@h/x", 1),
        ("postgres://u:p@h?x=@y", "postgres://u:[redacted]@y", 1),
        ("http://a:b@c//d:e@f", "http://a:[redacted]@c//d:[redacted]@f", 2),
        ("//u:pw@h", "//u:[redacted]@h", 1),
        ("postgres+x://u:p/w@h", "postgres+x://u:[redacted]@h", 1),
        ("ida:" + "Tr0ub4dor9" + "@host.example", "ida:[redacted]@host.example", 1),
        ("https://h/?sig=ab", "https://h/?sig=[redacted]", 1),
        ("https://h/?sig=1", "https://h/?sig=[redacted]", 1),
        ("https://h/?signature=ab1", "https://h/?signature=[redacted]", 1),
        ("https://h/?key=" + LETTERS[:12], "https://h/?key=[redacted]", 1),
        ("https://h/?code=" + LETTERS, "https://h/?code=[redacted]", 1),
        ("https://h/?jwt=ab1", "https://h/?jwt=[redacted]", 1),
        ("https://h/?jwt=abc", "https://h/?jwt=[redacted]", 1),
        ("https://h/?access_token=abc1", "https://h/?access_token=[redacted]", 1),
        ("https://h/?auth=ab1", "https://h/?auth=[redacted]", 1),
        ("https://h/?x-goog-signature=abc1", "https://h/?x-goog-signature=[redacted]", 1),
        ("https://h/?X-Amz-Credential=ab/c", "https://h/?X-Amz-Credential=[redacted]", 1),
        ("https://h/?X-Amz-Security-Token=ab", "https://h/?X-Amz-Security-Token=[redacted]", 1),
        ("https://h/?hmac=ab&b=1", "https://h/?hmac=[redacted]&b=1", 1),
        ("a sig=ab", "a sig=[redacted]", 1),
        ("a signature=ab1", "a signature=[redacted]", 1),
        ("&amp;sig=ab", "&amp;sig=[redacted]", 1),
        ("?ticket=" + LETTERS, "?ticket=[redacted]", 1),
    ],
)
def test_each_form_is_redacted_exactly(text: str, safe: str, count: int) -> None:
    assert redact_text(text) == (safe, count)


@pytest.mark.parametrize(
    "text",
    [
        AWS + "Z",
        AWS + "1",
        "AKIA" + "ABCDEFGH2345672",
        "ASIA" + "ABCDEFGHIJKLMNOP",
        "sk-" + LETTERS[:15],
        "xsk-" + LETTERS,
        "1sk-" + LETTERS,
        "sk-this-is-a-long-name-of-a-thing",
        "sk-results-2024-final-version",
        "sk_live_customer_table",
        "sk_" + LETTERS[:19],
        "xsk_" + LETTERS,
        "ghp_" + LETTERS[:19],
        "ghp_" + LETTERS[:3] + "\n" + LETTERS[3:32],
        "ghp_" + LETTERS[:12] + "\n" + LETTERS[12:19],
        "ghp_" + LETTERS[:12] + "\nabcdefgh",
        "xoxb-" + "abcdefghij",
        "test_" + LETTERS[:27],
        "test_" + "customer" * 4,
        "Bearer abcdefgh",
        "Bearer abcdefghijklmnopqrs",
        "Bearer ABCDEFGH",
        "Bearer Abcdefgh",
        "Bearer 12345678",
        "Bearer expired.",
        "Bearer {{token}}",
        "Basic " + encoded("idapw1"),
        "Basic abcd",
        "basic auth",
        "Basic " + encoded("idä:pw"),
        'Digest username="a", realm="b"',
        "1234567:AA" + LETTERS,
        "SG." + LETTERS[:15] + "." + LETTERS[:16],
        "https://hooks.slack.com/services/" + LETTERS[:9],
        "-----BEGIN " + PRIVATE + "-----\n" + LETTERS[:15] + "\n-----END " + PRIVATE + "-----",
        "BEGIN " + PRIVATE + " in capitals is expected",
        "https://u@h/x",
        "https://u:@h/",
        "https://u:{{pw}}@h/",
        "https://h/a@b:c",
        "https://h?x=u:p@h",
        "https://h#u:p@h",
        "mailto:ida@example.com:x1@y",
        "mail:" + "Tr0ub4dor9" + "@host.example",
        "mysql:" + "Tr0ub4dor9" + "@host",
        "ida:hunter2@host",
        "ida:abcdefgh@host",
        "ida:Tr0ub@host",
        "https://h/?signature=abc",
        "https://h/?signature=12",
        "https://h/?key=abc",
        "https://h/?key=" + LETTERS[:11],
        "https://h/?token=abc",
        "https://h/?x-amz-signature=ab",
        "a key=" + LETTERS,
        "?sig={{x}}",
        "?sig=missing",
    ],
)
def test_what_is_short_of_a_form_is_shown(text: str) -> None:
    assert redact_text(text) == (text, 0)


def test_a_private_key_with_odd_lines_reaches_to_its_end() -> None:
    begin, end = f"-----BEGIN {PRIVATE}-----\n{LETTERS}\n", f"-----END {PRIVATE}-----"
    odd = "%%%%\n" * 60
    assert redact_text(f"{begin}{odd.strip()}{end} and more") == ("[redacted] and more", 1)
    assert redact_text(f"{begin}{odd}not a key{end}")[0].endswith(f"not a key{end}")
    assert redact_text(f"{begin}%% %%\n{end} and more") == ("[redacted] and more", 1)
