"""The screen, which decides which texts are read, passes no text in which a rule finds something."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from retab_mcp.safety.clean import clean_text
from retab_mcp.safety.redact import redact_text
from retab_mcp.safety.screen import is_suspicious
from tests.safety.entries import PARTS, entries_of
from tests.safety.keys import BY_FORM


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, child in value.items():
            yield from (key, *texts_in(child))
    elif isinstance(value, list):
        for child in value:
            yield from texts_in(child)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", ["secrets", "harmless"])
def test_every_text_that_is_redacted_is_suspicious(name: str, part: int) -> None:
    for entry in entries_of(name, part):
        for text in map(clean_text, texts_in(entry["value"])):
            assert is_suspicious(text.encode()) or redact_text(text)[1] == 0, text


@pytest.mark.parametrize("form", BY_FORM)
def test_a_body_that_is_not_decoded_is_suspicious(form: str) -> None:
    assert is_suspicious(json.dumps({"note": f"see {BY_FORM[form]}"}).encode())


def test_plain_bodies_are_not_suspicious() -> None:
    rows = [{"id": number, "name": f"part {number}", "price": 1.5} for number in range(100)]
    assert not is_suspicious(json.dumps(rows).encode())
    assert not is_suspicious("Die Rechnung über 12,50 € für Müller & Söhne".encode())
