"""Make any JSON safe to show: clean, then redact, every text and key of it at once."""

from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate, chain
from typing import NamedTuple

from retab_mcp.safety.cards import SMALLEST_CARD, hides_number
from retab_mcp.safety.clean import (
    CleanedText,
    Removed,
    clean_text,
    hidden_characters_in,
    suspicious_spans,
)
from retab_mcp.safety.nodes import Container, Json, batches, containers_in
from retab_mcp.safety.redact import redact_text
from retab_mcp.safety.screen import is_suspicious, suspects
from retab_mcp.safety.structure import Reader, naming
from retab_mcp.safety.values import REDACTED


class Sanitized(NamedTuple):
    """A value that is safe to show, and what was taken out of it.

    `redacted` counts credentials, `hidden_characters` invisible characters and split marks.
    """

    value: Json
    redacted: int
    hidden_characters: int = 0


class _Fixes(NamedTuple):
    """What has to change: texts and keys by what they become, and members by their place."""

    texts: dict[str, tuple[str, int]]
    keys: dict[str, tuple[str, int]]
    members: dict[int, dict[str | int, Json]]  # by id of the container
    numbers: frozenset[int]


def sanitize_text(text: str) -> tuple[str, int]:
    """Clean and redact one text; return it and the number of credentials taken out."""
    cleaned = clean_text(text)
    if not is_suspicious(_encode(cleaned)):
        return cleaned, 0
    redacted, count = redact_text(cleaned)
    return (_marked(redacted, cleaned), count) if count else (cleaned, 0)


def sanitize(value: Json) -> Sanitized:
    """Clean and redact every text and key of a JSON value, however deep.

    Credentials become "[redacted]", whether their form shows them, the name above, before or next
    to them, or the column they are in. Null, empty, true, false, fractions and what says why
    stay. Keys that become equal get a number. What needs no change is the same object as before;
    doing it twice changes nothing more.
    """
    if isinstance(value, str):
        text, count = sanitize_text(value)
        return Sanitized(text, count, hidden_characters_in(text) if text is not value else 0)
    if not isinstance(value, dict | list):
        return _sanitized_number(value)
    levels: list[list[Container]] = []
    texts: list[str] = []
    keys: set[str] = set()
    numbers: set[int] = set()
    level: list[Container] = [value]
    while level:
        levels.append(level)
        keys.update(chain.from_iterable(item for item in level if type(item) is dict))
        below: list[Container] = []
        for batch in batches(level):
            kinds = set(map(type, batch))
            if not kinds.isdisjoint(_TEXTS):
                texts += batch if len(kinds) == 1 else [x for x in batch if type(x) in _TEXTS]
            if int in kinds:
                numbers.update(x for x in batch if type(x) is int and x >= SMALLEST_CARD)
            below += containers_in(batch)
        level = below
    dirty, names = _dirty_texts(texts)
    fixes = _Fixes(
        dirty,
        _dirty_texts(list(keys))[0],
        _members(levels, names),
        frozenset(filter(hides_number, numbers)),
    )
    if not any(fixes):
        return Sanitized(value, 0)
    return _Rebuilding(fixes).rebuild(value, levels)


_TEXTS = frozenset((str, CleanedText))


def hidden_characters_below(value: Json) -> int:
    """Return how many invisible characters the texts of a value lost, split marks included.

    A text that a value holds several times counts once.
    """
    found: set[tuple[str, Removed, int]] = set()
    level: list[Container] = containers_in([value])
    while level:
        below: list[Container] = []
        for batch in batches(level):
            if CleanedText in set(map(type, batch)):
                found.update(
                    (text, text.removed, text.hidden_characters)
                    for text in batch
                    if isinstance(text, CleanedText)
                )
            below += containers_in(batch)
        level = below
    return sum(count for _, _, count in found)


def _sanitized_number(value: Json) -> Sanitized:
    hides = type(value) is int and hides_number(value)
    return Sanitized(REDACTED, 1) if hides else Sanitized(value, 0)


def _members(
    levels: list[list[Container]], names: frozenset[str]
) -> dict[int, dict[str | int, Json]]:
    """Return what members become by their place, level by level: what is above decides."""
    reader = Reader(names)
    for level in levels:
        if reader.wants(set(chain.from_iterable(item for item in level if type(item) is dict))):
            reader.read(level)
    return reader.found.replaced


def _dirty_texts(texts: list[str]) -> tuple[dict[str, tuple[str, int]], frozenset[str]]:
    """Map each text that must change to what it becomes and its number of credentials.

    Also return the texts that are names of credentials.
    """
    cleaned: dict[str, str] = {}
    for place in _touched(texts, len, suspicious_spans("\n".join(texts))):
        cleaned[texts[place]] = clean_text(texts[place])
    if cleaned:
        texts = [cleaned.get(text, text) for text in texts]
    dirty = {text: (new, 0) for text, new in cleaned.items() if new != text}
    joined = "\n".join(texts)
    data = _encode(joined)
    length = len if len(data) == len(joined) else _encoded_length
    fixes = {}
    for text in {texts[place] for place in _touched(texts, length, suspects(data))}:
        redacted, count = redact_text(text)
        fixes[text] = redacted, count
        if count:
            dirty[text] = redacted, count
    for source, new in cleaned.items():
        if new in fixes and fixes[new][1]:
            dirty[source] = _marked(fixes[new][0], new), fixes[new][1]
    return dirty, frozenset(naming(fixes))


def _marked(redacted: str, cleaned: str) -> str:
    """Carry the marks of what cleaning removed over to the text once it is redacted."""
    if isinstance(cleaned, CleanedText):
        return CleanedText(redacted, cleaned.removed, cleaned.hidden_characters)
    return redacted


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _encoded_length(text: str) -> int:
    return len(_encode(text))


def _touched(
    texts: list[str], length: Callable[[str], int], spans: list[tuple[int, int]]
) -> list[int]:
    """Return which of the texts, joined by line ends, the spans touch, in order."""
    if not spans:
        return []
    starts = list(accumulate((size + 1 for size in map(length, texts)), initial=0))
    touched: set[int] = set()
    for start, end in spans:
        first = bisect_right(starts, start) - 1
        last = bisect_right(starts, max(start, end - 1)) - 1
        touched.update(range(first, last + 1))
    return sorted(place for place in touched if place < len(texts))


class _Rebuilding:
    """Makes new containers from the deepest level up, only where something in them changes."""

    def __init__(self, fixes: _Fixes) -> None:
        self._fixes = fixes
        self._replaced: dict[int, Container] = {}
        self._redacted = 0
        self._hidden = 0

    def rebuild(self, value: Container, levels: list[list[Container]]) -> Sanitized:
        """Return the value with all fixes made."""
        for level in reversed(levels):
            for item in level:
                new = self._new_dict(item) if isinstance(item, dict) else self._new_list(item)
                if new is not None:
                    self._replaced[id(item)] = new
        return Sanitized(self._replaced.get(id(value), value), self._redacted, self._hidden)

    def _fresh(self, child: Json, members: dict[str | int, Json], key: str | int) -> Json:
        """Return what a member becomes; the same object where it stays."""
        fresh = child
        if key in members:
            fresh = members[key]
            self._redacted += str(fresh).count(REDACTED)
            # What is left of it is read like any other text.
            if fresh != REDACTED:
                fresh, count = redact_text(fresh)
                self._redacted += count
        elif type(child) in _TEXTS:
            if fix := self._fixes.texts.get(child):
                fresh = fix[0]
                self._redacted += fix[1]
        elif type(child) is int:
            if child in self._fixes.numbers:
                fresh = REDACTED
                self._redacted += 1
        else:
            fresh = self._replaced.get(id(child), child)
        if fresh is not child:
            self._hidden += hidden_characters_in(fresh)
        return fresh

    def _new_list(self, item: list[Json]) -> Container | None:
        members = self._fixes.members.get(id(item), {})
        new: list[Json] | None = None
        for place, child in enumerate(item):
            fresh = self._fresh(child, members, place)
            if fresh is not child:
                new = list(item) if new is None else new
                new[place] = fresh
        return new

    def _new_dict(self, item: dict[str, Json]) -> Container | None:
        members = self._fixes.members.get(id(item), {})
        changed = not self._fixes.keys.keys().isdisjoint(item)
        new: dict[str, Json] = {}
        numbers: dict[str, int] = {}
        for key, child in item.items():
            fresh = self._fresh(child, members, key)
            changed = changed or fresh is not child
            name, count = self._fixes.keys.get(key, (key, 0))
            self._redacted += count
            if name is not key:
                self._hidden += hidden_characters_in(name)
            if name in new or (name != key and name in item):
                name = _free_name(name, item, new, numbers)
            new[name] = fresh
        return new if changed else None


def _free_name(
    name: str, item: dict[str, Json], new: dict[str, Json], numbers: dict[str, int]
) -> str:
    """Return a name with the next number that is free; `numbers` keeps the last one given."""
    number = numbers.get(name, 1) + 1
    while f"{name} ({number})" in item or f"{name} ({number})" in new:
        number += 1
    numbers[name] = number
    return f"{name} ({number})"
