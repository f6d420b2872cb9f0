"""Fingerprints of payloads: equal for equal values, whatever cannot be seen included."""

from typing import Any

import pytest

from retab_mcp.analysis.compare.fingerprints import fingerprint, payload_json
from retab_mcp.safety.sanitize import sanitize

PLAIN = {"lines": [{"sku": "A-1", "unit": "kg"}, {"sku": "A-2", "unit": "kg"}], "note": None}


def prints(value: Any) -> bytes:
    return fingerprint(payload_json(sanitize(value).value))


def with_unit(number: int, unit: str) -> dict[str, Any]:
    lines = [dict(line) for line in PLAIN["lines"] or ()]
    lines[number]["unit"] = unit
    return {**PLAIN, "lines": lines}


def test_equal_payloads_have_equal_fingerprints() -> None:
    assert prints(PLAIN) == prints(with_unit(1, "kg"))
    assert prints(with_unit(1, "kg\u2060")) == prints(with_unit(1, "kg\u2060"))


@pytest.mark.parametrize(
    "other",
    [
        with_unit(1, "g"),
        with_unit(1, "kg\u2060"),
        with_unit(1, "kg\ufeff"),
        with_unit(1, "k\u2060g"),
        with_unit(0, "kg\u2060"),
        {**with_unit(1, "kg"), "note": "null"},
    ],
)
def test_other_values_characters_and_places_have_other_fingerprints(other: Any) -> None:
    assert prints(other) != prints(PLAIN)
    if other != with_unit(1, "kg\u2060"):
        assert prints(other) != prints(with_unit(1, "kg\u2060"))


def test_a_text_alone_keeps_what_it_lost() -> None:
    assert prints("kg\u200b") != prints("kg")


def test_a_text_that_looks_like_the_marks_is_not_taken_for_them() -> None:
    marked = sanitize(["kg\u200b"]).value
    plain = payload_json(["kg"]) + b"((0, ((2, 8203),)),)"
    # What follows the JSON cannot be part of a JSON text, so no plain payload has this one.
    assert payload_json(marked) == plain


def test_a_payload_nested_too_deep_differs_from_all_others() -> None:
    deep: list[Any] = []
    for _ in range(5_000):
        deep = [deep]
    assert payload_json(deep) != payload_json([deep])
