"""How far a value reaches that begins at a place of a text: in quotes, to a blank, to a line end.

All work on bytes in which every character of the text is one byte.
"""

import re
from itertools import islice
from typing import NamedTuple

# How far a value is looked for. What is longer is hidden as a whole once it is judged; without a
# limit each of many names on one line would read all of it.
_LOOKED_AT = 4_096
_LONGEST_QUOTED = 16_384
_MOST_QUOTES = 24
_QUOTE = re.compile(rb"(\\*)([\"'`])")
_TRIPLE_QUOTES = (b"'''", b'"""')
_TOKEN_END = re.compile(rb"[\s\"`<>]|\\+[\"']")
_NEXT_NAME = re.compile(rb"[A-Za-z_][\w\-.\[\]]{0,60}(?:=|: )|[\s\"'\])}]|\Z|\\|[A-Za-z]+://")
_CDATA = re.compile(rb"\s{0,80}<!\[CDATA\[", re.IGNORECASE)
_SEPARATORS = re.compile(rb"[&;,']")
_CLOSING = {b")": b"(", b"]": b"[", b"}": b"{"}
_LINE_STOP = re.compile(rb"[\r\n\"'`<]")
# What opens a quoted word is behind one of these; what closes it is in front of no letter.
_BEFORE_QUOTED = (b" ", b"(")
_TO_QUOTE = {
    mark: re.compile(rb"[^\r\n]{1,200}?%s(?![A-Za-z0-9])" % mark) for mark in (b'"', b"'", b"`")
}
_BRACKET_STOP = re.compile(rb"[\r\n]")


class Extent(NamedTuple):
    """A span of a text; `is_cut` where it was not followed to its end."""

    start: int
    end: int
    is_cut: bool = False


def quoted_extent(data: bytes, place: int) -> Extent | None:
    """Return what is in the quotes that open at `place`, None where none do or none close.

    A quote behind backslashes is closed by one behind as many; one behind more belongs to the
    value. One before a letter or digit closes nothing.
    """
    opening = _QUOTE.match(data, place)
    if opening is None:
        return None
    if data[place : place + 3] in _TRIPLE_QUOTES:
        end = data.find(data[place : place + 3], place + 3, place + _LOOKED_AT)
        return Extent(place + 3, end) if end > 0 else None
    depth = len(opening[1])
    mark = opening[2]
    limit = opening.end() + _LONGEST_QUOTED
    quotes = _QUOTE.finditer(data, opening.end(), limit)
    for closing in islice(quotes, _MOST_QUOTES):
        if closing[2] != mark or not _closes(len(closing[1]), depth):
            continue
        following = data[closing.end() : closing.end() + 1]
        if following.isalnum() and not (depth and following == b"n"):
            continue
        end = closing.end() - 1 - depth if len(closing[1]) >= depth else closing.start()
        return Extent(opening.end(), max(end, opening.end()))
    is_long = len(data) > limit and _QUOTE.search(data, opening.end(), limit) is None
    return Extent(opening.end(), limit, is_cut=True) if is_long else None


def token_extent(data: bytes, place: int) -> Extent | None:
    """Return the value without quotes that begins at `place`, None where there is none.

    It ends before a blank, a quote or a tag, before a separator that another name follows, and
    before a bracket that closes more than it opened.
    """
    if data[place : place + 1] in (b'"', b"`") or data[place : place + 1].isspace():
        place += 1
    limit = min(len(data), place + _LOOKED_AT)
    stop = _TOKEN_END.search(data, place, limit)
    end = stop.start() if stop else limit
    is_cut = stop is None and limit < len(data)
    for separator in _SEPARATORS.finditer(data, place + 1, end):
        after = separator.end()
        if separator[0] == b"'" and not data[after : after + 1].isalnum():
            end, is_cut = separator.start(), False
            break
        if separator[0] != b"'" and _NEXT_NAME.match(data, after):
            end, is_cut = separator.start(), False
            break
    if data[place : place + 1] == b"'":
        place += 1
    if not is_cut:
        end = _without_closers(data, place, end)
    return Extent(place, end, is_cut) if end > place else None


def whole_end(data: bytes, end: int) -> int:
    """Return where a value ends that was cut at `end`: at the next blank or quote."""
    stop = _TOKEN_END.search(data, end)
    return stop.start() if stop else len(data)


def line_extent(data: bytes, place: int, *, brackets: bool = False) -> Extent:
    """Return the rest of a line from `place` on, up to a quote that closes what encloses it.

    A quote behind `=`, or one that opens a quoted word, is part of it, up to the quote that closes
    it. With `brackets` a value that begins with a bracket reaches to the last one that closes on
    the line.
    """
    limit = min(len(data), place + _LOOKED_AT)
    if brackets and data[place : place + 1] in (b"{", b"["):
        stop = _BRACKET_STOP.search(data, place, limit)
        end = stop.start() if stop else limit
        closing = max(data.rfind(b"}", place, end), data.rfind(b"]", place, end))
        if closing > place:
            return Extent(place, closing + 1)
    begin = place
    while True:
        stop = _LINE_STOP.search(data, begin, limit)
        if stop is None:
            return Extent(place, limit, limit < len(data))
        mark = stop[0]
        if mark in b"\r\n<":
            return Extent(place, stop.start())
        if data[stop.start() - 1 : stop.start()] == b"=":
            closing = data.find(mark, stop.end(), limit)
            if closing > 0:
                begin = closing + 1
                continue
        if data[stop.end() : stop.end() + 1].isalnum():
            opens = data[place : stop.start()].rstrip(b"\\")[-1:] in _BEFORE_QUOTED
            word = _TO_QUOTE[mark].match(data, stop.end(), limit) if opens else None
            if word or mark == b"'":
                begin = word.end() if word else stop.end()
                continue
        end = stop.start()
        while end > place and data[end - 1 : end] == b"\\":
            end -= 1
        return Extent(place, end)


def tag_extent(data: bytes, place: int) -> Extent:
    """Return the text from `place` on up to the next tag, or what a CDATA section holds."""
    limit = min(len(data), place + _LOOKED_AT)
    if opening := _CDATA.match(data, place):
        stop = data.find(b"]]>", opening.end(), limit)
        cut = stop < 0 and limit < len(data)
        return Extent(opening.end(), stop if stop >= 0 else limit, cut)
    stop = data.find(b"<", place, limit)
    return Extent(place, stop if stop >= 0 else limit, stop < 0 and limit < len(data))


def block_extent(data: bytes, place: int) -> Extent:
    """Return the indented lines below the line of `place`."""
    begin = end = data.find(b"\n", place) + 1
    limit = min(len(data), begin + _LOOKED_AT)
    while end < limit and data[end : end + 1] in b" \t":
        following = data.find(b"\n", end, limit)
        end = following + 1 if following >= 0 else limit
    return Extent(begin, end, end == limit and limit < len(data))


def _closes(backslashes: int, depth: int) -> bool:
    """Return whether a quote behind so many backslashes closes one behind `depth`."""
    if backslashes < depth:
        return True
    if depth & (depth + 1):
        return backslashes == depth
    # Backslashes double at each level: a literal one inside adds twice the level's own.
    return backslashes % (2 * (depth + 1)) == depth


def _without_closers(data: bytes, place: int, end: int) -> int:
    """Return the end without brackets that close what began before, and final punctuation."""
    extra = {
        closing: data.count(closing, place, end) - data.count(opening, place, end)
        for closing, opening in _CLOSING.items()
    }
    while end > place:
        last = data[end - 1 : end]
        if extra.get(last, 0) > 0:
            extra[last] -= 1
        elif last not in (b",", b";", b".", b":"):
            break
        end -= 1
    return end
