"""Payloads kept as the bytes that came, which can only be read cleaned and redacted.

A page of steps brings megabytes of payloads, of which most questions touch none. Parsing,
cleaning and redacting are left until a payload is opened, and there is no other way to its text.
"""

from collections.abc import Sequence
from typing import Any, NoReturn, TypeAlias

import msgspec

from retab_mcp.safety.json_parser import parse
from retab_mcp.safety.sanitize import sanitize

Json: TypeAlias = Any

_EMPTY = frozenset((b"null", b"{}", b"[]", b'""'))


class Sealed:
    """A JSON value whose text can only be read through `open`.

    The bytes stay those of the body that they came in: nothing is copied, and the body is kept as
    long as one of its values.
    """

    __slots__ = ("__raw",)

    def __init__(self, raw: msgspec.Raw) -> None:
        """Take the bytes of one JSON value, valid UTF-8."""
        self.__raw = raw

    @property
    def size(self) -> int:
        """How many bytes of JSON the value takes."""
        return memoryview(self.__raw).nbytes

    @property
    def is_empty(self) -> bool:
        """Whether the value is null or an empty object, array or text."""
        return self.size <= 4 and bytes(self.__raw) in _EMPTY

    def open(self) -> Json:
        """Return the value, cleaned and redacted. Raises ParseError where it cannot be read."""
        return sanitize(parse(memoryview(self.__raw))).value

    @classmethod
    def open_all(cls, values: "Sequence[Sealed]") -> list[Json]:
        """Return several values, cleaned and redacted at once, which is faster for small ones.

        Raises ParseError where one cannot be read.
        """
        found: list[Json] = sanitize([parse(memoryview(one.__raw)) for one in values]).value
        return found

    def __repr__(self) -> str:
        return f"<sealed, {self.size} bytes>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a sealed value is never copied or written")
