"""What is a credential's value, and what says why there is none."""

import pytest

from retab_mcp.safety.names import Kind
from retab_mcp.safety.values import scheme_of, secret_spans, spans_in_sentence


@pytest.mark.parametrize(
    ("text", "kinds", "only_strict"),
    [
        ("hunter2", "PASSWORD KEY TOKEN", "COOKIE CODE"),
        ("Tr0ub4dor-9", "PASSWORD KEY TOKEN CODE SESSION", "AUTHORIZATION COOKIE CREDENTIALS"),
        (
            "aB3dE5fG7hJ9kL2m",
            "PASSWORD KEY TOKEN AUTHORIZATION COOKIE CREDENTIALS CODE PHRASE SESSION WEAK",
            "",
        ),
        ("1234", "PASSWORD TOKEN CODE", "KEY"),
        ("123", "PASSWORD CODE", "KEY TOKEN"),
        ("482913", "PASSWORD TOKEN CODE", "KEY COOKIE"),
        ("12.50", "PASSWORD TOKEN", "KEY CODE"),
        ("EUR 12.50", "PASSWORD TOKEN CODE", "KEY"),
        ("12/20", "", ""),
        ("must be set", "", ""),
        ("invalid", "", "COOKIE"),
        ("unexpected token", "PASSWORD", "KEY TOKEN CODE"),
        ("user_name", "PASSWORD KEY", "TOKEN AUTHORIZATION COOKIE CREDENTIALS CODE"),
        ("sid=abc", "PASSWORD KEY TOKEN AUTHORIZATION COOKIE", "CREDENTIALS CODE"),
        ("a b c d e f", "PASSWORD KEY PHRASE", "TOKEN CODE"),
        ("a b c d e", "PASSWORD KEY", "TOKEN CODE"),
        ("Bearer abc", "PASSWORD AUTHORIZATION CREDENTIALS", "KEY TOKEN CODE"),
        ("Bearer {{x}}", "PASSWORD", "KEY TOKEN CODE"),
        ("Basic missing", "", ""),
        ("front door", "PASSWORD", "KEY TOKEN CODE"),
        ("the front door", "", ""),
        ("big red", "PASSWORD", "KEY TOKEN CODE"),
        ("identifier", "", "COOKIE"),
        ("[redacted]", "", ""),
        ("none", "", ""),
        (
            "SM0123456789abcdef0123456789abcdef",
            "PASSWORD KEY TOKEN AUTHORIZATION COOKIE CREDENTIALS CODE PHRASE",
            "",
        ),
        ("12345678", "PASSWORD TOKEN CODE SESSION", "KEY COOKIE"),
        ("1234567", "PASSWORD TOKEN CODE", "KEY COOKIE"),
        ("abcdefgh", "PASSWORD KEY", "TOKEN AUTHORIZATION COOKIE CREDENTIALS CODE"),
        ("abcde fgh", "PASSWORD", "KEY TOKEN CODE"),
        ("2026-01-02", "PASSWORD KEY TOKEN SESSION", "COOKIE CODE"),
        ("PA-2024-7781", "PASSWORD KEY TOKEN CODE SESSION", "COOKIE"),
        ("12 34 56 7", "PASSWORD KEY TOKEN", "CODE"),
        ("1 2 3 4", "PASSWORD KEY TOKEN", "CODE"),
        ("a1b2c3d4e5f6", "PASSWORD KEY TOKEN AUTHORIZATION CREDENTIALS CODE SESSION", "COOKIE"),
        ("ab cd 1234", "PASSWORD KEY TOKEN CODE", ""),
        (
            "123 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "PASSWORD KEY TOKEN",
            "CODE",
        ),
        (
            "123 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "PASSWORD KEY TOKEN CODE",
            "",
        ),
        ("getUserByIdName", "PASSWORD KEY TOKEN AUTHORIZATION CREDENTIALS", "COOKIE CODE"),
        ("longerthantwentyletters", "PASSWORD KEY TOKEN", "AUTHORIZATION COOKIE CREDENTIALS CODE"),
    ],
)
def test_a_value_is_hidden_whole_under_names_of_these_kinds(
    text: str, kinds: str, only_strict: str
) -> None:
    whole = [(1, 1 + len(text))]
    hidden = {kind.name for kind in Kind if secret_spans(kind, f" {text} ") == whole}
    strictly = {kind.name for kind in Kind if secret_spans(kind, f" {text} ", strict=True) == whole}
    assert hidden == set(kinds.split())
    assert strictly == {*kinds.split(), *only_strict.split()}


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("the value 'hunter22' is too short", ["hunter22"]),
        ("wrong: Tr0ub4dor9x is not it", ["Tr0ub4dor9x"]),
        ("must be set", []),
    ],
)
@pytest.mark.parametrize("kind", [Kind.PASSWORD, Kind.KEY, Kind.TOKEN, Kind.CODE])
def test_only_the_value_inside_a_sentence_is_hidden(
    kind: Kind, text: str, hidden: list[str]
) -> None:
    spans = secret_spans(kind, f"  {text}")
    assert [f"  {text}"[start:end] for start, end in spans] == hidden


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("text", ["", "  ", "none", "must be set", "{{token}}", "[redacted]"])
def test_nothing_of_a_reason_or_placeholder_is_hidden(kind: Kind, text: str) -> None:
    assert secret_spans(kind, text) == []
    assert secret_spans(kind, text, strict=True) == []


@pytest.mark.parametrize("kind", [Kind.AUTHORIZATION, Kind.CREDENTIALS])
@pytest.mark.parametrize("text", ["M.D.", "Bearer {{token}}", "front door", "abc", "Basic missing"])
def test_an_authorization_in_words_is_shown(kind: Kind, text: str) -> None:
    assert secret_spans(kind, text) == []


def test_a_cookie_that_is_to_be_filled_in_is_none() -> None:
    assert secret_spans(Kind.COOKIE, "sid={{cookie}}; theme=$X") == []
    assert secret_spans(Kind.COOKIE, "sid={{cookie}}; theme=dark") == [(0, 26)]


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        *(("Bearer abc", "Bearer "), ("bearer  abc", "bearer  "), ("  Basic x", "  Basic ")),
        *(("Token\tabc", "Token\t"), ("Bearer+abc", "Bearer+"), ("Bearer", ""), ("Bearer ", "")),
        *(("AWS4-HMAC-SHA256 x", "AWS4-HMAC-SHA256 "), ("Foo x", ""), ("Bearerx y", "")),
    ],
)
def test_the_scheme_of_an_authorization(text: str, scheme: str) -> None:
    assert scheme_of(text) == scheme


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the value 'hunter22' is short", ["hunter22"]),
        ("the value 'short' is", []),
        ("the 'abc' 'abcd1'", ["abcd1"]),
        ("got Tr0ub4dor9x, no", ["Tr0ub4dor9x"]),
        ("got Tr0ub4dor9X, no", ["Tr0ub4dor9X"]),
        ("got run_A1b2c3d4, no", []),
        ("use `a b c`", []),
        ('use "P4ss!"', ["P4ss!"]),
        ("see Abc12345. And Tr0ub4dor9x!", ["Tr0ub4dor9x"]),
        ("Abcdef-1G2h3 and Tr0ub4dor9x", ["Abcdef-1G2h3", "Tr0ub4dor9x"]),
        ("'" + "a1" * 100 + "'", ["a1" * 100, "a1" * 100]),
    ],
)
def test_what_looks_like_a_credential_in_a_sentence(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in spans_in_sentence(text)] == found
