"""The prefixes of keys, and what may follow them."""

import pytest

from retab_mcp.safety.redact import redact_text
from tests.safety.keys import LETTERS

HEX = "0123456789abcdef" * 2


@pytest.mark.parametrize("kind", ["sk", "rk", "rt"])
@pytest.mark.parametrize("mode", ["live", "test", "retab", "prod", "sandbox", "sbox"])
def test_a_key_with_a_mode_has_ten_characters(kind: str, mode: str) -> None:
    key = f"{kind}_{mode}_{LETTERS[:10]}"
    assert redact_text(f"see {key} there") == ("see [redacted] there", 1)
    assert redact_text(key[:-1]) == (key[:-1], 0)


@pytest.mark.parametrize("kind", ["sk", "rk", "rt"])
def test_a_key_without_a_mode_has_twenty_characters(kind: str) -> None:
    key = f"{kind}_{LETTERS[:20]}"
    assert redact_text(f"see {key} there") == ("see [redacted] there", 1)
    assert redact_text(key[:-1]) == (key[:-1], 0)
    assert redact_text(f"ta{key}") == (f"ta{key}", 0)


@pytest.mark.parametrize(
    ("prefix", "body"),
    [
        ("ya29" + ".", f"{LETTERS[:10]}.{LETTERS[:6]}-{LETTERS[:6]}_a"),
        ("AI" + "za", f"{LETTERS[:17]}_{LETTERS[:15]}-a"),
        ("access_token$" + "production$", "a1=b2/c3:d4!e5~f6%g7*h8.i-j_k"),
        ("fc" + "-", HEX),
        ("S" + "K", HEX),
        ("whsec" + "_", "aB+/=_-aB3dE5fG7x"),
        ("AGE-SECRET-" + "KEY-1", LETTERS[:30]),
        ("AB" + "IA", "ABCDEFGH23456723"),
    ],
)
def test_every_character_of_a_body_is_redacted(prefix: str, body: str) -> None:
    assert redact_text(f"see {prefix}{body} there") == ("see [redacted] there", 1)


@pytest.mark.parametrize(
    ("prefix", "body"),
    [
        ("hf" + "_", f"{LETTERS[:15]}_{LETTERS[:15]}"),
        ("fc" + "-", "0123456789abcdeg" * 2),
        ("S" + "K", "ghijklmnopabcdef" * 2),
        ("S" + "K", "abcdefabcdefabcd" * 2),
        ("AB" + "IA", "ABCDEFGH23456719"),
    ],
)
def test_another_body_makes_no_key(prefix: str, body: str) -> None:
    assert redact_text(f"see {prefix}{body} there") == (f"see {prefix}{body} there", 0)
