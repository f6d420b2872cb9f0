"""Read single JSON fields without failing: a value of the wrong type reads as missing."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from math import isfinite

from pydantic import TypeAdapter, ValidationError

from retab_mcp.models import ErrorKind, Json
from retab_mcp.retab.errors import RetabError

# Ids may be sent as numbers. A longer integer is no id, and Python refuses to print integers of
# thousands of digits.
MAX_ID_BITS = 64

_NO_FIELDS: Mapping[str, Json] = {}

_MOMENT: TypeAdapter[datetime] = TypeAdapter(datetime)


# The form of almost every time, which the standard library reads in a tenth of the time.
_UTC_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3}|\.\d{6})?Z", re.ASCII)


def record(body: Json, what: str) -> dict[str, Json]:
    """Return `body`, which must be a JSON object; `what` names it in the error.

    Raises RetabError (bad_response) otherwise.
    """
    if not isinstance(body, dict):
        raise RetabError(
            ErrorKind.BAD_RESPONSE,
            f"Retab returned something other than a JSON object for the {what}.",
        )
    return body


def text(value: Json) -> str | None:
    """Return a string (lone surrogates escaped) or an integer as text, else None."""
    if isinstance(value, str):
        return value if value.isascii() else _encodable(value)
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() <= MAX_ID_BITS:
        return str(value)
    return None


def first_text(source: Mapping[str, Json], *names: str) -> str | None:
    """Return the first of the fields that contains a non-empty text, else None."""
    for name in names:
        value = source.get(name)
        if value is None:
            continue
        # Almost every field: without a call, since a large run has a hundred thousand.
        if type(value) is str and value.isascii():
            found: str | None = value
        else:
            found = text(value)
        if found:
            return found
    return None


def message(value: Json) -> str:
    """Return an error message as text; other JSON becomes its JSON text, null is empty."""
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
    """Return an object itself, for reading only; anything else reads as empty."""
    return value if isinstance(value, dict) else _NO_FIELDS


def mapping(value: Json) -> dict[str, Json]:
    """Return an object as a new dict with the same values, lone surrogates in keys escaped.

    Anything else reads as empty.
    """
    if not isinstance(value, dict):
        return {}
    return {key if key.isascii() else _encodable(key): item for key, item in value.items()}


def listing(value: Json) -> list[Json]:
    """Return a list itself; anything else reads as empty."""
    return value if isinstance(value, list) else []


def texts(value: Json) -> tuple[str, ...]:
    """Return the non-empty texts of a list; other items are dropped."""
    return tuple(found for item in listing(value) if (found := text(item)))


def whole(value: Json) -> int | None:
    """Return a whole number (a float is rounded), else None."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return round(value) if isinstance(value, float) and isfinite(value) else None


def number(value: Json) -> float | None:
    """Return a finite number, else None."""
    if value is None or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if isfinite(found) else None


def moment(value: Json) -> datetime | None:
    """Return a time in UTC from ISO 8601 text, or seconds or milliseconds since the epoch.

    A time without offset is UTC. Anything else reads as None.
    """
    if value is None:
        return None
    try:
        if type(value) is str and _UTC_TIME.fullmatch(value):
            return datetime.fromisoformat(value)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return None
        found = _MOMENT.validate_python(value)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValidationError, OverflowError, ValueError):
        return None


def renamed(source: Mapping[str, Json], names: Mapping[str, str]) -> dict[str, Json]:
    """Return `source` with older field names replaced (`names` maps older to current).

    An older field stays as it is when the current one has a value other than null.
    """
    result = dict(source)
    for older, current in names.items():
        if older in result and result.get(current) is None:
            result[current] = result.pop(older)
    return result


def _encodable(value: str) -> str:
    return value.encode("utf-8", "backslashreplace").decode("utf-8")
