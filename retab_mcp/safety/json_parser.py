"""Parse JSON bytes strictly when that works and tolerantly when not, within a bound of memory."""

import codecs
import json
import sys
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import Any, TypeAlias

import msgspec

Json: TypeAlias = Any
Bytes: TypeAlias = bytes | bytearray | memoryview

# Python objects that one body may become. With a body of 64 MB and what is worked out from them a
# call stays under 400 MB. An honest value of 50 MB takes 170 MB.
MAX_TREE_BYTES = 235_000_000
# Parsed at once: what it takes is known before more follows, and other threads run in between.
PIECE_BYTES = 1_000_000
# Up to this size, a body that cannot become too large is parsed at once, in a third of the time.
WHOLE_BYTES = 5_000_000
# A small object (up to 512 bytes) in the mean; the parts of larger ones are counted by their text.
_BLOCK_BYTES = 74
_PLACE_BYTES = 10  # of a value in an array or object
_RAW_BYTES = 64  # of an item of an array before it is parsed
_KEY_BYTES = 120
_ITEMS_AT_ONCE = 50_000  # items whose sizes are in memory
_LONG_TEXT = 400
_SMALL = 50_000  # bytes of a body that is not worth counting
# Cleaning a text takes it once more. With characters beyond Latin-1 each takes two bytes, with one
# beyond the BMP four.
_COPIES = 2
_WIDE, _WIDEST = 2, 4
_WIDEST_LEADS = tuple(bytes((lead,)) for lead in range(0xF0, 0xF5))
# What the marks of JSON bring with them at most, for the parser that takes a body only whole.
_MOST_BYTES = ((b"[", 90), (b"{", 240), (b",", 46), (b'"', 34))


class ParseError(ValueError):
    """JSON that cannot be parsed; `too_large` when only because of what it would take."""

    def __init__(self, reason: str, *, too_large: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.too_large = too_large


_DECODER = msgspec.json.Decoder()
_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])
_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])


def parse(body: Bytes) -> Json:
    """Parse the JSON text `body` (UTF-8; UTF-16 and UTF-32 too) into Python objects.

    The fast parser refuses much that real runs hold: a byte order mark, raw control characters,
    lone surrogates, integers of thousands of digits. The parser of the standard library takes it.
    A lone surrogate stays in its string, an integer too long for Python stays its text, NaN and
    the infinities are floats.

    Raises ParseError, whose reason completes "the response …": an empty body, a page of HTML,
    bytes that are no text, broken or cut off JSON, nesting too deep, too many values.
    """
    try:
        return _Parser(body).parse(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _parse_tolerantly(bytes(body))


class _Parser:
    """Parses one body piece by piece, and ends when it has become too large."""

    def __init__(self, body: Bytes) -> None:
        self._left = MAX_TREE_BYTES
        commas = (body if not isinstance(body, memoryview) else bytes(body)).count(b",")
        if commas * _RAW_BYTES > MAX_TREE_BYTES:
            raise _too_large()

    def parse(self, body: Bytes) -> Json:
        if len(body) <= PIECE_BYTES:
            return self._whole(body)
        if len(body) <= WHOLE_BYTES and _most_bytes(text := bytes(body)) <= self._left:
            return _DECODER.decode(text)
        first = bytes(body[:1])
        if first == b"[":
            return self._values(_ITEMS.decode(body))
        if first == b"{":
            members = _MEMBERS.decode(body)
            self._spend(len(members) * _KEY_BYTES)
            return dict(zip(members, self._values(list(members.values())), strict=True))
        text = bytes(body)
        self._spend(len(text) * _COPIES * _width(text))
        return _DECODER.decode(text)

    def _values(self, items: list[msgspec.Raw]) -> list[Json]:
        """Parse the parts of an array or object, neighbours together as long as they are small."""
        self._spend(len(items) * _RAW_BYTES)
        found: list[Json] = []
        for first in range(0, len(items), _ITEMS_AT_ONCE):
            found += self._neighbours(items[first : first + _ITEMS_AT_ONCE])
        self._left += len(items) * _RAW_BYTES
        return found

    def _neighbours(self, items: list[msgspec.Raw]) -> list[Json]:
        views: Iterator[memoryview] = map(memoryview, items)
        ends = [*accumulate(map(len, views))]
        found: list[Json] = []
        begin = 0
        while begin < len(items):
            before = ends[begin - 1] if begin else 0
            end = bisect_right(ends, before + PIECE_BYTES, begin)
            if end > begin:
                found += self._joined(items[begin:end])
            else:
                end = begin + 1
                found.append(self.parse(memoryview(items[begin])))
            begin = end
        return found

    def _joined(self, items: list[msgspec.Raw]) -> list[Json]:
        found: list[Json] = self._whole(b"[" + b",".join(items) + b"]")
        return found

    def _whole(self, body: Bytes) -> Json:
        text = body if not isinstance(body, memoryview) else bytes(body)
        if len(text) <= _SMALL:
            return _DECODER.decode(text)
        before = sys.getallocatedblocks()
        found = _DECODER.decode(text)
        taken = (sys.getallocatedblocks() - before) * _BLOCK_BYTES
        self._spend(taken + text.count(b",") * _PLACE_BYTES + _long_texts(text))
        return found

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise _too_large()


def _too_large() -> ParseError:
    return ParseError("holds too many values to be read whole", too_large=True)


def _width(text: bytes | bytearray) -> int:
    """Return the most bytes that a character of a text takes in memory."""
    if text.isascii():
        return _WIDE if b"\\u" in text else 1
    return _WIDEST if any(lead in text for lead in _WIDEST_LEADS) else _WIDE


def _long_texts(text: bytes | bytearray) -> int:
    """Return what the strings of a piece take that are no small objects."""
    place = 0
    while place + _LONG_TEXT < len(text):
        last = text.rfind(b'"', place, place + _LONG_TEXT)
        if last < 0:
            return len(text) * _width(text)
        place = last + 1
    return 0


def _parse_tolerantly(body: bytes) -> Json:
    start = body.removeprefix(codecs.BOM_UTF8).lstrip()
    if not start:
        raise ParseError("is empty")
    if start.startswith(b"<"):
        raise ParseError("is a page of HTML or XML, as a proxy sends it, not JSON")
    _check_size(body)
    try:
        text = body.decode(json.detect_encoding(body), "surrogatepass")
        return json.loads(text, strict=False, parse_int=_parse_int)
    except UnicodeDecodeError as error:
        raise ParseError(f"is not text at byte {error.start} of {len(body)}") from None
    except json.JSONDecodeError as error:
        raise ParseError(
            f"is not JSON at character {error.pos} of {len(text)}: {error.msg}"
        ) from None
    except RecursionError:
        raise ParseError("is nested too deep to be read") from None


def _check_size(body: bytes) -> None:
    if len(body) > PIECE_BYTES and _most_bytes(body) > MAX_TREE_BYTES:
        raise _too_large()


def _most_bytes(body: bytes) -> int:
    """Return what a body becomes at most, in bytes of memory."""
    return len(body) * _width(body) + sum(body.count(mark) * size for mark, size in _MOST_BYTES)


def _parse_int(digits: str) -> int | str:
    try:
        return int(digits)
    except ValueError:
        # Python converts at most 4,300 digits (sys.set_int_max_str_digits).
        return digits


def is_text(body: Bytes) -> bool:
    """Return whether a body is valid UTF-8, which the parser does not check in what it skips."""
    if isinstance(body, bytes | bytearray) and body.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(body)
    try:
        for place in range(0, len(view), PIECE_BYTES):
            decoder.decode(view[place : place + PIECE_BYTES])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
