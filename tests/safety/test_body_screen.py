"""A body that the screen calls harmless is one that sanitizing leaves as it is."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retab_mcp.safety.body_screen import is_harmless
from retab_mcp.safety.foreign import FOREIGN_NAMES
from retab_mcp.safety.names import VOCABULARY, kind_of
from retab_mcp.safety.sanitize import sanitize
from tests.safety.entries import PARTS, entries_of
from tests.safety.keys import BY_FORM, LETTERS

Json = Any

# Parts of texts and keys by which rules find something, and parts that look like them.
NAMES = (
    *("password", "Pin", "PIN", "pin", "otp", "mtan", "bip39", "api", "key", "Key", "KEY", "code"),
    *("token", "card verification", "seed", "one time pad", "mot de passe", "secret", "session"),
    *(
        "x",
        "auth",
        "Authorization",
        "пароль",
        "密码",
        "pässwort",
        "pаssword",
        "cookie",
        "salaisuus",
    ),
    *("user", "db", "name", "value", "columns", "rows", "headers", "properties", "prop_erties"),
    *("default", "item", "country", "author", "total", "description", "string", "connection"),
)
CONTENTS = (
    *("hunter2", "Tr0ub4dor&3x", "4111 1111 1111 1111", "S3cr3t!xyzQ9", "aB3dE5fG7hJ9kL2m", "1234"),
    *(LETTERS, *BY_FORM.values(), "Bolt", "Bearer ", "basic ", "curl -u a:", "-----BEGIN "),
    *("PRIVATE KEY-----", "https://u:S3cret9x@host/", "cGFzc3dvcmQ6IGh1bnRlcjI=", "none", "DE"),
    *("<|im_start|>", "[INST]", "\n\nHuman:", "<function=a>", "is", "your", "code is 482913"),
)
SIGNS = (
    *(
        "",
        " ",
        "_",
        "-",
        ".",
        ":",
        "=",
        ": ",
        '"',
        "'",
        "\\",
        "\\u0070",
        "%70",
        "&#112;",
        "/",
        ",",
        "\n",
    ),
    *(
        "\t",
        "\r",
        "\x07",
        "\x7f",
        "\u200b",
        "\u2028",
        "\ufeff",
        "\ue000",
        "\ud800",
        "é",
        "ü",
        "\\n",
        "->",
    ),
)
TEXTS = st.lists(st.sampled_from((*NAMES, *CONTENTS, *SIGNS)), min_size=1, max_size=6).map("".join)
KEYS = st.lists(st.sampled_from((*NAMES, *SIGNS)), min_size=1, max_size=4).map("".join)
SCALARS = TEXTS | st.sampled_from((None, True, 1.5, 12, 482913, 4111111111111111, 2**70))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)


def written(value: Json) -> list[bytes]:
    """Return a value as JSON in several ways of writing it; half code points are escaped."""
    texts = [
        json.dumps(value, ensure_ascii=False, separators=(",", ":")),
        json.dumps(value, ensure_ascii=False, indent=2),
        json.dumps(value),
    ]
    return [text.encode("utf-8", "backslashreplace") for text in texts]


def is_changed(value: Json) -> bool:
    found = sanitize(value)
    return bool(found.redacted or found.hidden_characters or found.value != value)


def check(value: Json) -> None:
    if is_changed(value):
        for body in written(value):
            assert not is_harmless(body), body


@given(VALUES)
@example({"secret.value": "aB3dE5fG7hJ9kL2m"})
@example({"userPin": 482913})
@example({"properties": {"default": "aB3dE5fG7hJ9kL2m"}})
@example({"name": "password", "value": "hunter2"})
@example([["user", "password"], ["anna", "hunter2"]])
def test_whatever_is_changed_is_not_harmless(value: Json) -> None:
    check(value)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", ["secrets", "harmless"])
def test_nothing_in_the_corpora_that_is_changed_is_harmless(name: str, part: int) -> None:
    for entry in entries_of(name, part):
        check(entry["value"])
        check({"rows": [{"total": 1, "text": entry["value"]}]})


@pytest.mark.parametrize("form", BY_FORM)
def test_no_key_of_a_service_is_harmless(form: str) -> None:
    check({"note": f"see\n{BY_FORM[form]}"})
    check([BY_FORM[form]])


def spellings(phrase: str) -> set[str]:
    """Return the ways to write the words of a name."""
    words = phrase.split()
    camel = words[0] + "".join(map(str.title, words[1:]))
    bases = {
        "".join(words),
        "_".join(words),
        "-".join(words),
        " ".join(words),
        ".".join(words),
        camel,
    }
    bases |= {base.upper() for base in bases} | {base.title() for base in bases}
    wrapped = {f"{before}{base}" for base in bases for before in ("", "db_", "user.", "x ", "2")}
    wrapped |= {".".join(phrase), "-".join(phrase.replace(" ", ""))}
    wrapped |= {f"user{base[0].upper()}{base[1:]}" for base in bases}
    return wrapped | {f"{base}{after}" for base in bases for after in ("_value", "2", "(1)", "New")}


@pytest.mark.parametrize("phrase", sorted({*VOCABULARY, *FOREIGN_NAMES}))
def test_no_name_of_a_credential_is_harmless_as_a_key(phrase: str) -> None:
    for name in spellings(phrase):
        if kind_of(name) is not None:
            assert not is_harmless(json.dumps({name: 1}, ensure_ascii=False).encode()), name


def test_plain_bodies_are_harmless() -> None:
    rows = [
        {"item_code": "A1", "country_code": "DE", "author": "Müller", "total_tokens": 12, "n": None}
        for _ in range(50)
    ]
    assert all(map(is_harmless, written({"rows": rows})[:2]))
    assert is_harmless('{"note":"Rechnung über 12,50 €\\nfür Müller & Söhne, 3\\" Rohr"}'.encode())


def test_keys_that_sound_like_names_do_not_hide_the_name_after_them() -> None:
    keys = {f"item_code_{number}": "A1" for number in range(10)}
    assert is_harmless(json.dumps(keys).encode())
    assert not is_harmless(json.dumps({**keys, "password": "hunter2"}).encode())
    assert not is_harmless(json.dumps({"password": "hunter2", **keys}).encode())
    assert not is_harmless(json.dumps({**keys, "note": "password: hunter2"}).encode())
