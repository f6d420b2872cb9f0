"""Payloads kept as the bytes that came, which can only be read cleaned and redacted.

A page of steps brings megabytes of payloads, of which most questions touch none. Parsing,
cleaning and redacting are left until a payload is opened, and there is no other way to its text.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NoReturn, TypeAlias, TypedDict

import msgspec
import re2  # type: ignore[import-untyped]

from retab_mcp.safety.body_screen import is_harmless
from retab_mcp.safety.json_parser import PIECE_BYTES, parse
from retab_mcp.safety.sanitize import sanitize

Json: TypeAlias = Any

# Numbers that Python may write with other digits than they came with.
_OTHER_NUMBERS = re2.compile(rb"[0-9][eE]|[0-9.]{17}|0\.0000")
# Values searched together: a search of few bytes takes as long as one of some thousands.
_SEARCHED_BYTES = 50_000
# Bytes: enough that two different values never have the same digest in practice.
_DIGEST_BYTES = 16
# So that a digest says nothing about the value outside of this process.
_DIGEST_KEY = secrets.token_bytes(16)
_EMPTY = frozenset((b"null", b"{}", b"[]", b'""'))
_NULL = msgspec.Raw(b"null")


@cache
def _members_with(field: str) -> msgspec.json.Decoder[dict[str, dict[str, msgspec.Raw]]]:
    """Return a decoder of an object of objects that reads one field of each, as bytes."""
    member = TypedDict("_Member", {field: msgspec.Raw}, total=False)  # type: ignore[misc]
    return msgspec.json.Decoder(dict[str, member])


class Sealed:
    """A JSON value whose text can only be read through `open`.

    `size` is how many bytes of JSON it takes. They stay those of the body that they came in:
    nothing is copied, and the body is kept as long as one of its values.
    """

    __slots__ = ("__is_harmless", "__raw", "size")
    __is_harmless: bool | None

    def __init__(self, raw: msgspec.Raw, *, is_harmless: bool = False) -> None:
        """Take the bytes of one JSON value, valid UTF-8.

        `is_harmless` says that the screen has found the body around it harmless.
        """
        self.__raw = raw
        self.size = memoryview(raw).nbytes
        self.__is_harmless = True if is_harmless else None

    @property
    def is_empty(self) -> bool:
        """Whether the value is null or an empty object, array or text."""
        return self.size <= 4 and bytes(self.__raw) in _EMPTY

    @property
    def digest(self) -> bytes:
        """A short digest of the bytes: values of equal digests are equal once opened."""
        return hashlib.blake2b(self.__raw, digest_size=_DIGEST_BYTES, key=_DIGEST_KEY).digest()

    def open(self) -> Json:
        """Return the value, cleaned and redacted. Raises ParseError where it cannot be read."""
        return self.open_all([self])[0]

    @classmethod
    def open_all(cls, values: "Sequence[Sealed]") -> list[Json]:
        """Return several values, cleaned and redacted at once, which is faster for small ones.

        Raises ParseError where one cannot be read.
        """
        harmless = cls.__screen_all(values)
        found = cls.__parse_all(values)
        if all(harmless):
            return found
        rest = [value for value, known in zip(found, harmless, strict=True) if not known]
        safe = iter(sanitize(rest).value)
        return [
            value if known else next(safe) for value, known in zip(found, harmless, strict=True)
        ]

    @classmethod
    def __parse_all(cls, values: "Sequence[Sealed]") -> list[Json]:
        """Return the parsed values: small ones as one array, since each call takes its time."""
        if len(values) > 1 and sum(one.size for one in values) <= PIECE_BYTES:
            found: list[Json] = parse(b"[" + b",".join(one.__raw for one in values) + b"]")
            return found
        return [parse(memoryview(one.__raw)) for one in values]

    @classmethod
    def lacking(cls, values: "Sequence[Sealed]", *patterns: Any) -> list[bool]:
        """Return for each value whether it is certain that nothing in it matches, opening none.

        Each pattern (RE2, of bytes) matches the JSON of every value with a match, in which only
        quotes, backslashes and control characters are escaped.
        """
        found: list[bool] = []
        for batch in _batches(values):
            if cls.__lack(batch, patterns):
                found += [True] * len(batch)
            elif len(batch) == 1:
                found.append(False)
            else:
                found += [cls.__lack([one], patterns) for one in batch]
        return found

    @classmethod
    def __lack(cls, values: "Sequence[Sealed]", patterns: Iterable[Any]) -> bool:
        if not all(cls.__screen_all(values)):
            return False
        joined = b"\n".join(one.__raw for one in values)
        return not any(each.search(joined) for each in (*patterns, _OTHER_NUMBERS))

    def passes_on(self, other: "Sealed", field: str) -> bool:
        """Return whether it is certain that `other` has the same `field`, opening neither.

        Both are objects with one member, an object that has the field, with the same bytes.
        """
        decoder = _members_with(field)
        try:
            mine, theirs = decoder.decode(self.__raw), decoder.decode(other.__raw)
        except msgspec.MsgspecError:
            return False
        if len(mine) != 1 or len(theirs) != 1:
            return False
        (one,), (another,) = mine.values(), theirs.values()
        return one.get(field, _NULL) != _NULL and one[field] == another.get(field)

    @classmethod
    def __screen_all(cls, values: "Sequence[Sealed]") -> list[bool]:
        """Screen several values, together where that is enough: each search takes its time."""
        for batch in _batches([one for one in values if one.__is_harmless is None]):
            if len(batch) > 1 and is_harmless(b"[" + b",".join(one.__raw for one in batch) + b"]"):
                for one in batch:
                    one.__pass_screen()
        return [one.__screen() for one in values]

    def __pass_screen(self) -> None:
        self.__is_harmless = True

    def __screen(self) -> bool:
        # Before parsing, so that what the screen takes is free again by then.
        if self.__is_harmless is None:
            self.__is_harmless = is_harmless(bytes(self.__raw))
        return self.__is_harmless

    def __repr__(self) -> str:
        return f"<sealed, {self.size} bytes>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a sealed value is never copied or written")


def _batches(values: Sequence[Sealed]) -> Iterator[Sequence[Sealed]]:
    """Yield neighbours of together at most _SEARCHED_BYTES, and larger values alone."""
    first, size = 0, 0
    for place, one in enumerate(values):
        if size + one.size > _SEARCHED_BYTES and place > first:
            yield values[first:place]
            first, size = place, 0
        size += one.size
    if first < len(values):
        yield values[first:]
