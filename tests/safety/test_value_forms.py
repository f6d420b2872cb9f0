"""Which texts are drawn by lot, placeholders, sentences, references or code."""

import pytest

from retab_mcp.safety.values import (
    is_code,
    is_drawn,
    is_mixed,
    is_placeholder,
    is_reference,
    is_sentence,
    is_template,
    looks_random,
    starts_template,
)


@pytest.mark.parametrize(
    "text",
    [
        *("aB3dE5fG7hJ9kL2m", "a1b2c3d4e5f6a7b8", "aBcDeFgHiJkLmNoP", "helloWorldHowAre1"),
        *("getInvoiceByIdFromPage", "deadbeef12deadbeef34", "sk_V1StGXR8Z5jdHi6BmyT"),
        *("'aB3dE5fG7hJ9kL2m'", "a1bbbbbbbbbbbbbbbbbbbbbbbbbb"),
        *("a1bbbbbbbbbbbbbbbbbbbbbbbbbbb2", "ÄB3dE5fG7hJ9kL2m"),
        "aB3dE5fG7hJ9kL2m" + "x" * 500,
    ],
)
def test_a_text_looks_random(text: str) -> None:
    assert looks_random(text) is True


@pytest.mark.parametrize(
    "text",
    [
        *("aB3dE5fG7hJ9kL2", "abcdefgh12345678", "abcdefghijklmnop", "ABCDEFGHIJKLMNOP"),
        *("helloWorldHowAre", "deadbeefdeadbeef", "12345678901234567890"),
        *("2026-01-02T03:04:05Z", "550e8400-e29b-41d4-a716-446655440000"),
        *("https://x1.Y2/z3a4", "run_V1StGXR8Z5jdHi6BmyT", "a1.b2/c3d4e5f6g7h8"),
        *("aB3d E5fG7hJ9kL2m", "a-1-b-2-c-3-d-4-e", "invoice-2024-total"),
        *("1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "x" * 400 + "aB3dE5fG7hJ9kL2m"),
    ],
)
def test_a_text_does_not_look_random(text: str) -> None:
    assert looks_random(text) is False


@pytest.mark.parametrize(
    "text",
    [
        *("Tr0ub4dor", "aaaa1bbb2", "a1b2c3d4", "ABC12def", "Passw0rd", "aBcDeFgH"),
    ],
)
def test_a_text_looks_random_from_eight_characters(text: str) -> None:
    assert looks_random(text, shortest=8) is True


@pytest.mark.parametrize(
    "text",
    [
        *("Tr0ub4d", "total123", "myPassword1", "MyPassWord"),
    ],
)
def test_a_text_does_not_look_random_from_eight_characters(text: str) -> None:
    assert looks_random(text, shortest=8) is False


@pytest.mark.parametrize(
    "text",
    [
        *("Tr0ub4dor", "Abcdefg1", "a1b2c3d4"),
    ],
)
def test_a_text_is_drawn(text: str) -> None:
    assert is_drawn(text) is True


@pytest.mark.parametrize(
    "text",
    [
        *("Tr0ub4d", "abcdefg1", "ABCDEFG1", "Abcdefgh", "2026-01-02T00", "run_A1b2c3"),
        *("PA-2024-7781", "12345678", "Ab-12345", "1.2.2026 Ab"),
    ],
)
def test_a_text_is_not_drawn(text: str) -> None:
    assert is_drawn(text) is False


@pytest.mark.parametrize(
    "text",
    [
        *("abc123", "äöü123"),
    ],
)
def test_a_text_is_mixed(text: str) -> None:
    assert is_mixed(text) is True


@pytest.mark.parametrize(
    "text",
    [
        *("abc12", "abcdef", "123456"),
    ],
)
def test_a_text_is_not_mixed(text: str) -> None:
    assert is_mixed(text) is False


@pytest.mark.parametrize(
    "text",
    [
        *("PA-2024-7781", "045622", "A1", "12345678", "ABCDEF1", "A/1", "A 1", "1-2-3-4-5"),
        "1/2.3",
    ],
)
def test_a_number_that_people_give_is_a_reference(text: str) -> None:
    assert is_reference(text) is True


@pytest.mark.parametrize(
    "text",
    [
        *("123456789", "ABCDEFG1", "A_1", "1-2-3-4-5-6", "A", "1-", "", "PA-2024-7781x"),
    ],
)
def test_other_texts_are_no_reference(text: str) -> None:
    assert is_reference(text) is False


@pytest.mark.parametrize(
    "text",
    [
        *("must be set", "invalid", "invalid value", "value invalid", "is invalid"),
        *("x" * 900 + " must be set", "密码", "please use your own", "please see docs"),
        *("for the portal only", "not 12 the of", "must contain 8 to 12 characters"),
        *("expected: string", "'invalid'", "[expired]"),
        *("do not share it with others or anyone else in the company ok", "apple river must"),
        "apple river stone cloud must",
        "one two three four five six seven eight nine must be the",
    ],
)
def test_words_about_a_credential_are_a_sentence(text: str) -> None:
    assert is_sentence(text) is True


@pytest.mark.parametrize(
    "text",
    [
        *("front door", "the door", "must " * 250, "密", "!!", "abc def ghi"),
        *("hunter2 is wrong", "a1b2 was rejected by the server", "not 12 34 56 78", "must"),
        "apple river stone cloud tiger must",
        "one two three four five six seven eight nine ten eleven must be",
    ],
)
def test_other_texts_are_no_sentence(text: str) -> None:
    assert is_sentence(text) is False


@pytest.mark.parametrize(
    "text",
    [
        *("none", "None", "(none)", "'none'", "<none>", "null.", "[redacted]", "[redacted]."),
        *("'[redacted]'", "", "  ", "''", "your-password", "your password here"),
        *("insert token", "{{x}}", "${X}", "****", "xxxx", "process.env.TOKEN"),
        *("os.environ['A']", "get_secret('x')", "arn:aws:ssm:eu:1:x", "vault:kv/x"),
        *("op://a/b", "[some text]", "<Your key>", "(see docs)", "n/a", "N/A", "changeme"),
        *("{{" + "x" * 296 + "}}", "env:DB_PASS", "secrets.db", "none,"),
    ],
)
def test_a_placeholder_is_recognised(text: str) -> None:
    assert is_placeholder(text) is True


@pytest.mark.parametrize(
    "text",
    [
        *("hunter2", "x [redacted]", "your own secret password goes here"),
        *("your own very secret password goes here", "my-key", "my-keys1", "x" * 301),
        "{{" + "x" * 297 + "}}",
    ],
)
def test_other_texts_are_no_placeholder(text: str) -> None:
    assert is_placeholder(text) is False


@pytest.mark.parametrize(
    "text",
    [
        *("{{x}}", "${X}", "$X", "%X%", "<x>", "<<x>>", "[[x]]", "{name}", "%s", "%(x)s"),
        *(":x", "***", "**", "*", "xxx", "abc...", "abc…", "…", "###", "__SECRET__", "@@X@@"),
        *("!Ref Db", "#{x}", "[redacted]", "<%= x %>", "{% x %}", "$(x)", "%{x}", "$env:X"),
        *("@Microsoft.KeyVault(x)", "xxxxAB12", "****AB12", "****AB123", "sk-...abcd", "--"),
        *("-", "?", "Ab12****", "AbCdEfGhIjKl..."),
    ],
)
def test_what_is_filled_in_or_masked_is_a_template(text: str) -> None:
    assert is_template(text) is True


@pytest.mark.parametrize(
    "text",
    [
        *("$x", "{1}", "xx", "a", "hunter2", "{{x}} y", "AbCdEfGhIjKlM..."),
    ],
)
def test_other_texts_are_no_template(text: str) -> None:
    assert is_template(text) is False


@pytest.mark.parametrize(
    "text",
    [
        *("f(x)", "process.env", "self.x", "os[1]", "input.total"),
    ],
)
def test_code_that_reads_a_value_is_recognised(text: str) -> None:
    assert is_code(text) is True


@pytest.mark.parametrize(
    "text",
    [
        *("abc", "x.y"),
    ],
)
def test_other_texts_are_no_code(text: str) -> None:
    assert is_code(text) is False


@pytest.mark.parametrize(
    "text",
    [
        *("{{x}} abc", "${X}", "<x>y"),
    ],
)
def test_a_text_begins_with_a_template(text: str) -> None:
    assert starts_template(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "abc {{x}}",
    ],
)
def test_a_text_does_not_begin_with_a_template(text: str) -> None:
    assert starts_template(text) is False


def test_a_sentence_is_judged_by_its_first_twelve_words() -> None:
    assert is_sentence("must be one of the values that are given in the list" + " 1x2" * 30)
    assert not is_sentence("must" + " 1x2" * 30)


def test_a_long_text_is_judged_by_its_start() -> None:
    assert looks_random("aB3dE5fG7hJ9kL2m" * 200 + " x")
    assert not looks_random("aB3dE5fG7hJ9kL2m" * 120 + " x")
