"""Whether a value is what a complaint complains about."""

from typing import Any

import pytest

from retab_mcp.analysis.cause.evidence.constraints import MISSING, stands_out, violates


@pytest.mark.parametrize(
    "text",
    [
        *("is missing", "is required", "mandatory", "must not be null", "is empty", "is blank"),
        *("not set", "not given", "not be given", "was not provided", "not present", "fehlt"),
        *("Pflichtfeld", "ist leer", "manquant", "manquante", "obligatoire", "vide", "falta"),
        *("obligatorio", "obligatoria", "vacío", "vacia", "mancante", "vuoto", "vuota"),
    ],
)
def test_a_complaint_about_nothing_is_about_absent_and_empty_values(text: str) -> None:
    empty: tuple[Any, ...] = (MISSING, None, "", [], {})
    other: tuple[Any, ...] = (0, False, "x", [1])
    assert [violates(value, text) for value in (*empty, *other)] == [True] * 5 + [False] * 4


@pytest.mark.parametrize(
    ("text", "breaks", "fits"),
    [
        ("must exceed 5", 5, 5.1),
        ("should be greater than 5", 5, 6),
        ("has to be more than 5", 4, 6),
        ("must be larger than 5", 5, 6),
        ("must be higher than 5", 5, 6),
        ("must be above 5", 5, 6),
        ("muss größer als 5", 5, 6),
        ("doit être supérieur à 5", 5, 6),
        ("doit être supérieure à 5", 5, 6),
        ("debe ser mayor que 5", 5, 6),
        ("ensure x > 5", 5, 6),
        ("must be at least 5", 4, 5),
        ("minimum 5", 4, 5),
        ("minimum of 5", 4, 5),
        ("minimum is 5", 4, 5),
        ("not less than 5", 4, 5),
        ("must not be lower than 5", 4, 5),
        ("not be smaller than 5", 4, 5),
        ("greater than or equal to 5", 4, 5),
        ("mindestens 5", 4, 5),
        ("au moins 5", 4, 5),
        ("al menos 5", 4, 5),
        ("x >= 5", 4, 5),
        ("must be less than 5", 5, 4),
        ("should be lower than 5", 5, 4),
        ("has to be smaller than 5", 5, 4),
        ("must be below 5", 5, 4),
        ("should be under 5", 5, 4),
        ("x < 5", 5, 4),
        ("at most 5", 6, 5),
        ("must not exceed 5", 6, 5),
        ("not be greater than 5", 6, 5),
        ("not more than 5", 6, 5),
        ("not larger than 5", 6, 5),
        ("no more than 5", 6, 5),
        ("less than or equal to 5", 6, 5),
        ("höchstens 5", 6, 5),
        ("au plus 5", 6, 5),
        ("como máximo 5", 6, 5),
        ("x <= 5", 6, 5),
        ("exceeds the maximum of 5", 6, 5),
        ("exceeds max 5", 6, 5),
        ("exceeds limit 5", 6, 5),
        ("must be at least -2.5", -3, -2.5),
        ("must be positive", 0, 1),
        ("should be strictly positive", -1, 0.1),
        ("has to be positive", 0, 1),
        ("expects a positive number", 0, 1),
        ("must be non-negative", -1, 0),
        ("nonnegative", -1, 0),
        ("must not be negative", -1, 0),
        ("must be an integer", 1.5, 1),
        ("should be a whole number", "1", 1),
        ("must be a number", "x", 1.5),
        ("must be numeric", None, 1),
        ("must be decimal", "x", 1),
        ("must be a string", 1, "x"),
        ("must be text", 1, "x"),
        ("must be a boolean", "true", True),
        ("is no valid bool", 1, True),
        ("must be an array", {}, [1]),
        ("must be a list", "x", [1]),
        ("1 is not of type 'string'", 2, "x"),
        ("must be a number", True, 1),
        ("invalid date", "03.04.2026", "2026-04-03"),
        ("expected ISO 8601", "2026-13-01", "2026-04-03T10:00:00"),
        ("ungültiges Datum", 20260403, "2026-04-03"),
        ("fecha no válida", "x", "2026-04-03"),
        ("bad datetime", "x", "2026-04-03"),
        ("invalid email", "ann@x", "ann@example.com"),
        ("bad e-mail address", 7, "ann@example.com"),
        ("maximum length 3", "abcd", "abc"),
        ("max length: 3", "abcd", "abc"),
        ("longer than 3 characters", "abcd", "abc"),
        ("at most 3 chars", "abcd", "abc"),
        ("length must not be above 3", "abcd", "abc"),
    ],
)
def test_a_value_is_checked_against_what_a_complaint_demands(
    text: str, breaks: Any, fits: Any
) -> None:
    assert violates(breaks, text) is True
    assert violates(fits, text) is False


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("A-1", "unknown code 'A-1'"),
        ("A-1", 'unknown code "A-1"'),
        ("A-1", "unknown code `A-1`"),
        (12, "got 12, expected 13"),
        (12, "received: 12"),
        ("x", "found x"),
        ("x", "was x"),
        ("x", "actual x"),
        ("x", "value 'x'."),
    ],
)
def test_a_quoted_value_is_meant(value: Any, text: str) -> None:
    assert violates(value, text) is True
    assert violates("other", text) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "refused"),
        (MISSING, "must be positive"),
        ("x", "must be positive"),
        ("x", "non-negative"),
        ("x", "at least 5"),
        (True, "value True"),
        (None, "got None"),
    ],
)
def test_what_cannot_be_told_is_left_open(value: Any, text: str) -> None:
    assert violates(value, text) is None


@pytest.mark.parametrize(
    ("value", "others", "differs"),
    [
        (None, [1, 2, 3], True),
        (0, [1, 2, 3], True),
        ("1", [1, 2, 3], True),
        (MISSING, ["a", "b", "c"], True),
        ("", ["a", "b", "c"], True),
        (5, [1, 2, 3], False),
        (None, [1, 2], False),
        (None, [None, 1, 2, 3, 4], False),
        (None, [None, 1, 2, 3, 4, 5], True),
        (0, [None, None, None], True),
        (False, [0, 0, 0], True),
    ],
)
def test_a_value_of_another_kind_than_nearly_all_others_stands_out(
    value: Any, others: list[Any], differs: bool
) -> None:
    assert stands_out(value, others) is differs
