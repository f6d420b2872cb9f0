"""Single fields of the wire, read without ever failing: what does not fit reads as missing."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from math import isfinite

from pydantic import TypeAdapter, ValidationError

from retab_mcp.models import ErrorKind, Json
from retab_mcp.retab.errors import RetabError

# An id sent as a number is read as its text; a longer integer is no id, and Python refuses to
# print integers of thousands of digits.
MAX_ID_BITS = 64

_NO_FIELDS: Mapping[str, Json] = {}

_MOMENT: TypeAdapter[datetime] = TypeAdapter(datetime)


def record(body: Json, what: str) -> dict[str, Json]:
    """Return `body` as a JSON object; `what` names it in the error.

    Raises RetabError (bad_response) when it is anything else.
    """
    if not isinstance(body, dict):
        raise RetabError(
            ErrorKind.BAD_RESPONSE, f"Retab sent no JSON object where a {what} was asked for."
        )
    return body


def text(value: Json) -> str | None:
    """Return a string (lone surrogates spelled out) or a whole number's text, else None."""
    if isinstance(value, str):
        # Nearly all are ASCII, and a large run has a hundred thousand of them.
        return value if value.isascii() else _encodable(value)
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() <= MAX_ID_BITS:
        return str(value)
    return None


def first_text(source: Mapping[str, Json], *names: str) -> str | None:
    """Return the first of the fields that holds a text which is not empty."""
    for name in names:
        found = text(source.get(name))
        if found:
            return found
    return None


def message(value: Json) -> str:
    """Return an error message as text; a message that is other JSON is kept as its JSON text."""
    if value is None:
        return ""
    found = text(value)
    if found is not None:
        return found
    try:
        return text(json.dumps(value, ensure_ascii=False)) or ""
    except (RecursionError, ValueError, TypeError):
        return ""


def fields_of(value: Json) -> Mapping[str, Json]:
    """Return an object as it is, to be read and not kept; anything else reads as empty."""
    return value if isinstance(value, dict) else _NO_FIELDS


def mapping(value: Json) -> dict[str, Json]:
    """Return an object as a new dict (values untouched, lone surrogates in keys spelled out).

    Anything that is not an object reads as empty.
    """
    if not isinstance(value, dict):
        return {}
    return {key if key.isascii() else _encodable(key): item for key, item in value.items()}


def listing(value: Json) -> list[Json]:
    """Return a list as it is; anything else reads as empty."""
    return value if isinstance(value, list) else []


def texts(value: Json) -> tuple[str, ...]:
    """Return the texts of a list; items that are none are left out."""
    return tuple(found for item in listing(value) if (found := text(item)))


def whole(value: Json) -> int | None:
    """Return a whole number (a float is rounded), else None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return round(value) if isinstance(value, float) and isfinite(value) else None


def number(value: Json) -> float | None:
    """Return a finite number, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if isfinite(found) else None


def moment(value: Json) -> datetime | None:
    """Return a time in UTC, read from ISO 8601 or from seconds or milliseconds of the epoch.

    A time without offset is taken as UTC. What is no time reads as None.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        found = _MOMENT.validate_python(value)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValidationError, OverflowError):
        return None


def renamed(source: Mapping[str, Json], names: Mapping[str, str]) -> dict[str, Json]:
    """Return `source` with fields under their current names (`names`: older to current).

    Where the current name is taken by something other than null, the older field stays.
    """
    result = dict(source)
    for older, current in names.items():
        if older in result and result.get(current) is None:
            result[current] = result.pop(older)
    return result


def _encodable(value: str) -> str:
    return value.encode("utf-8", "backslashreplace").decode("utf-8")
