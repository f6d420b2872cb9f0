"""Query parameters, checked and refused as by the API."""

import re
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from retab_mcp.sandbox.records import Json

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}$")


class ApiError(Exception):
    """An answer with an error: `detail` is a sentence, or the list of a 422."""

    def __init__(self, status: int, detail: Json) -> None:
        """Take the HTTP status and what goes under "detail"."""
        super().__init__(detail)
        self.status = status
        self.detail = detail


@dataclass(frozen=True)
class Cursor:
    """Which page: after an id, before an id, or from the start."""

    before: str | None
    after: str | None


def _invalid(name: str, kind: str, message: str, value: Json, **context: Json) -> ApiError:
    problem: dict[str, Any] = {"type": kind, "loc": ["query", name], "msg": message, "input": value}
    if context:
        problem["ctx"] = context
    return ApiError(422, [problem])


class Query:
    """The parameters of one request."""

    def __init__(self, request: Request) -> None:
        """Take a request whose path matched a route."""
        self._parameters = request.query_params
        self._path = request.path_params

    def path(self, name: str) -> str:
        """Return a part of the path."""
        return str(self._path[name])

    def text(self, name: str) -> str | None:
        """Return a parameter that may be missing."""
        return self._parameters.get(name)

    def texts(self, name: str) -> list[str]:
        """Return a parameter that may be repeated."""
        return self._parameters.getlist(name)

    def required(self, name: str) -> str:
        """Return a parameter; raise a 422 if it is missing."""
        value = self.text(name)
        if value is None:
            raise _invalid(name, "missing", "Field required", None)
        return value

    def integer(self, name: str, default: int, low: int, high: int) -> int:
        """Return a whole number within a range, 422 otherwise."""
        value = self.text(name)
        if value is None:
            return default
        if not re.fullmatch(r"-?\d+", value):
            message = "Input should be a valid integer, unable to parse string as an integer"
            raise _invalid(name, "int_parsing", message, value)
        if int(value) < low:
            message = f"Input should be greater than or equal to {low}"
            raise _invalid(name, "greater_than_equal", message, value, ge=low)
        if int(value) > high:
            message = f"Input should be less than or equal to {high}"
            raise _invalid(name, "less_than_equal", message, value, le=high)
        return int(value)

    def number(self, name: str) -> int | None:
        """Return a whole number that may be missing; 0 counts as missing, as in the API."""
        value = self.text(name)
        return None if value is None else self.integer(name, 0, 0, 2**63) or None

    def choice(self, name: str, allowed: tuple[str, ...], default: str | None) -> str | None:
        """Return one of some words, 422 otherwise."""
        value = self.text(name)
        if value is None:
            return default
        if value not in allowed:
            quoted = [f"'{word}'" for word in allowed]
            expected = ", ".join(quoted[:-1]) + " or " + quoted[-1]
            message = f"Input should be {expected}"
            raise _invalid(name, "literal_error", message, value, expected=expected)
        return value

    def date(self, name: str) -> str | None:
        """Return a day like 2026-08-03, 400 otherwise."""
        value = self.text(name)
        if value is not None and not _DATE.match(value):
            raise ApiError(400, f"Invalid {name}: expected YYYY-MM-DD")
        return value

    def cursor(self) -> Cursor:
        """Return the requested page; raise a 400 for both directions at once."""
        before, after = self.text("before"), self.text("after")
        if before and after:
            raise ApiError(400, "Only one of 'before' and 'after' may be given")
        return Cursor(before, after)
