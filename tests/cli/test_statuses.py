"""Test that a status has one sign and one name on every page."""

import re
from pathlib import Path

import retab_mcp.report
from retab_mcp.cli.page.statuses import SIGNS, sign_of, status_in_words

SCRIPT = Path(retab_mcp.report.__file__).parent / "assets" / "words.js"


def test_the_terminal_and_the_picture_have_the_same_signs_and_words() -> None:
    rows = re.findall(r'(\w+): \{ sign: "(.)", word: "([^"]+)" \}', SCRIPT.read_text("utf-8"))
    assert {status: (sign, word) for status, sign, word in rows} == {
        status: (sign_of(status), status_in_words(status)) for status in SIGNS
    }


def test_an_unknown_status_keeps_its_name() -> None:
    assert (sign_of("thawing"), status_in_words("thawing")) == ("?", "thawing")
