"""What a member of an object is to the others, by its key."""

import pytest

from retab_mcp.safety.roles import (
    FIELD_NAMES,
    HEADER_ROWS,
    SCORE_NAMES,
    is_content,
    is_label,
    plain_name,
    role,
)
from retab_mcp.safety.structure import is_telling


@pytest.mark.parametrize(
    "key", ["name", "Name", "field-name", "userName", "my_key", "Label", "имя"]
)
def test_labels(key: str) -> None:
    assert is_label(key)
    assert not is_content(key)


@pytest.mark.parametrize(
    "key", ["value", "Val", "header_value", "XValue", "a_val", "aVal", "значение"]
)
def test_contents(key: str) -> None:
    assert is_content(key)
    assert not is_label(key)


@pytest.mark.parametrize("key", ["total", "names", "valued", "aval", "keyed", "interval"])
def test_other_keys_are_neither(key: str) -> None:
    assert not is_label(key)
    assert not is_content(key)


def test_names_are_compared_in_any_case_and_with_any_separator() -> None:
    assert plain_name("Field\u200b-Name") == "field_name"
    assert role("FIELD-Likelihoods", SCORE_NAMES)
    assert role("patternProperties", FIELD_NAMES)
    assert role("column_names", HEADER_ROWS)
    assert role("columnNames", HEADER_ROWS)
    assert not role("column", HEADER_ROWS)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        *(("password", True), ("likelihoods", True), ("properties", True), ("columns", True)),
        *(("key", True), ("total", False), ("rows", False), ("pass\u200bword", True)),
    ],
)
def test_whether_a_key_says_something_about_its_value(key: str, expected: bool) -> None:
    assert is_telling(key) is expected
