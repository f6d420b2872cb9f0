"""Search the strings, numbers and keys of JSON for a text or a pattern."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import Any, NamedTuple

import pydantic_core
import re2  # type: ignore[import-untyped]

from retab_mcp.analysis.search.text_pattern import json_text_pattern, text_pattern
from retab_mcp.analysis.values.walk import Place, path_tokens, pointer_of
from retab_mcp.digest.hidden import hidden_names
from retab_mcp.models import Json

# Maximum characters of a query; a longer one is pasted text, and a part of it finds the same.
MAX_QUERY = 300
# Maximum instructions of a compiled pattern. Large repetitions (`.{1000}`) are refused, since RE2
# can run all instructions for each byte of a text.
MAX_INSTRUCTIONS = 3_000
# Bytes for a pattern and its states. With less, RE2 is a thousand times slower.
MAX_PATTERN_BYTES = 4 * 1024 * 1024
# Characters shown on either side of a match, and of the match itself.
AROUND = 40
LONGEST_MATCH = 80

# Maximum bytes of texts searched at once. A pattern can read all of them for each match.
MAX_JOINED_BYTES = 16 * 1024

# Texts are joined by line breaks and searched at once, which is much faster than one by one. This
# is wrong only for patterns that match the start or end of the whole text.
_SEPARATOR = b"\n"
_WORDS = {None: "null", True: "true", False: "false"}
_WHOLE_TEXT = re.compile(r"\\[AzZC]|\(\?[a-zA-Z]*-")


class QueryError(ValueError):
    """An invalid query; the message says why, and what would work."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A match in a string, number or key: the bytes from `start` to `end` of `text`.

    `place` is the place of the value; for a key, of the member, whose value is `value`.
    """

    place: Place
    is_key: bool
    text: bytes
    start: int
    end: int
    hidden: tuple[str, ...] = ()
    value: Json = None

    @property
    def path(self) -> str:
        """The JSON Pointer of the value."""
        return pointer_of(self.place)

    @property
    def folded(self) -> tuple[str | None, ...]:
        """The tokens of the path, with None for array indexes: the same for all rows."""
        tokens = path_tokens(self.place)
        return tuple(token if isinstance(token, str) else None for token in tokens)

    @property
    def excerpt(self) -> str:
        """The match in its context, `…` where text was cut off."""
        return _excerpt(self.text, self.start, self.end)


class SearchQuery:
    """A text to search for, as documents print it and in any case, or a regular expression.

    The text null, true or false also finds that value.
    """

    def __init__(self, text: str = "", pattern: str = "") -> None:
        """Take either a text or a pattern. Patterns are RE2's, which runs in linear time.

        Raises QueryError for an empty or too long query and for a pattern that is invalid, too
        large or matches the empty text.
        """
        if bool(text) == bool(pattern):
            raise QueryError("Give either a text or a pattern.")
        if len(text or pattern) > MAX_QUERY:
            raise QueryError(f"The query is longer than {MAX_QUERY} characters; use a part of it.")
        self._by_one = bool(_WHOLE_TEXT.search(pattern))
        source = pattern if pattern else f"(?i){text_pattern(text)}"
        try:
            # (?m): in joined texts, the start and end of a text are those of a line.
            self._re = re2.compile(f"(?m){source}".encode("utf-8", "replace"), _options())
        except re2.error as error:
            reason = error.args[0].decode("utf-8", "replace").removesuffix(f": (?m){source}")
            raise QueryError(f"The pattern is invalid: {reason}.") from None
        if pattern and self._re.programsize > MAX_INSTRUCTIONS:
            raise QueryError("The pattern repeats too much; use smaller numbers in braces.")
        self._in_json = _in_json(text) if text else None
        self._words = {word for word in _WORDS.values() if self._re.fullmatch(word.encode())}
        if self._re.search(b"") is not None:
            raise QueryError(
                "The pattern matches the empty text and so everything; make it require a character."
            )

    @property
    def in_json(self) -> Any:
        """An RE2 pattern that the JSON of every value with a hit matches, None if unknown."""
        return self._in_json

    def hits(self, value: Json) -> Iterator[Hit]:
        """Yield the strings, numbers and keys that match, in the order of the JSON text.

        Numbers are searched as their JSON text. A value has one hit, at its first match.
        """
        if not self._may_be_in(value):
            return
        found = _texts(value, self._words)
        for index, start, end in self._matches(found.texts):
            yield Hit(
                place=found.places[index],
                is_key=index in found.keys,
                text=found.texts[index],
                start=start,
                end=end,
                hidden=found.hidden.get(index, ()),
                value=found.keys.get(index),
            )

    def _may_be_in(self, value: Json) -> bool:
        """Return whether the value can have hits: much faster than finding them."""
        if self._by_one:
            return True
        if self._in_json is None:
            texts = _unplaced_texts(value)
            return bool(self._words) or self._re.search(_SEPARATOR.join(texts)) is not None
        try:
            return self._in_json.search(pydantic_core.to_json(value)) is not None
        except (ValueError, RecursionError):
            # Nested too deep to be written as JSON.
            return True

    def _matches(self, texts: list[bytes]) -> Iterator[tuple[int, int, int]]:
        """Yield the index of each text that matches, and start and end of the match."""
        first = 0
        while first < len(texts):
            last, size = first, 0
            while last < len(texts) and size < MAX_JOINED_BYTES:
                size += len(texts[last]) + 1
                last += 1
            search = self._matches_alone if self._by_one else self._matches_joined
            yield from search(texts, first, last)
            first = last

    def _matches_alone(
        self, texts: list[bytes], first: int, last: int
    ) -> Iterator[tuple[int, int, int]]:
        for index in range(first, last):
            match = self._re.search(texts[index])
            if match is not None:
                yield index, match.start(), match.end()

    def _matches_joined(
        self, texts: list[bytes], first: int, last: int
    ) -> Iterator[tuple[int, int, int]]:
        starts = list(accumulate([len(text) + 1 for text in texts[first:last]], initial=0))
        joined = _SEPARATOR.join(texts[first:last])
        match = self._re.search(joined)
        while match is not None:
            place = bisect_right(starts, match.start()) - 1
            index, begin = first + place, starts[place]
            if match.end() - begin > len(texts[index]):
                # The match reaches into the next text, and so can all that follow.
                yield from self._matches_alone(texts, index, last)
                return
            yield index, match.start() - begin, match.end() - begin
            match = self._re.search(joined, starts[place + 1])


def _in_json(text: str) -> Any:
    """Return an expression that matches the JSON text of every value that contains `text`."""
    return re2.compile(f"(?i){json_text_pattern(text)}".encode("utf-8", "replace"), _options())


def _options() -> re2.Options:
    options = re2.Options()
    options.max_mem = MAX_PATTERN_BYTES
    options.log_errors = False
    return options


def _unplaced_texts(value: Json) -> list[bytes]:
    """Return the strings, numbers and keys of a value, in any order."""
    texts: list[str] = []
    keys: set[str] = set()
    numbers: list[int | float] = []
    level: list[Json] = [[value]]
    while level:
        dicts = [found for found in level if type(found) is dict]
        lists = [found for found in level if type(found) is list]
        keys.update(chain.from_iterable(dicts))
        values = [*chain.from_iterable(map(dict.values, dicts)), *chain.from_iterable(lists)]
        texts += [found for found in values if isinstance(found, str)]
        numbers += [found for found in values if type(found) in (int, float)]
        level = [found for found in values if type(found) in (dict, list)]
    return ["\n".join([*texts, *keys]).encode("utf-8", "replace"), *_number_texts(numbers)]


class _Texts(NamedTuple):
    """Strings, numbers, words and keys in the order of the JSON text, with facts about them.

    The facts are the place of each, the values of keys by index, and by index the invisible
    characters that texts lost.
    """

    texts: list[bytes]
    places: list[Place]
    keys: dict[int, Json]
    hidden: dict[int, tuple[str, ...]]


def _texts(value: Json, words: Collection[str]) -> _Texts:
    """Return the texts of a value; of null, true and false only those in `words`."""
    texts: list[str] = []
    places: list[Place] = []
    keys: dict[int, Json] = {}
    numbers: dict[int, int | float] = {}
    # Open containers: their remaining members, and their place.
    left: list[tuple[Iterator[tuple[str | int, Json]], Place]] = [(iter([("", value)]), None)]
    while left:
        members, parent = left[-1]
        is_root = len(left) == 1
        for token, found in members:
            place = None if is_root else (parent, token)
            kind = type(found)
            if place is not None and isinstance(token, str):
                keys[len(texts)] = found
                texts.append(token)
                places.append(place)
            if isinstance(found, str):
                texts.append(found)
                places.append(place)
            elif kind is int or kind is float:
                numbers[len(texts)] = found
                texts.append("")
                places.append(place)
            elif kind is dict:
                left.append((iter(found.items()), place))
                break
            elif kind is list:
                left.append((iter(enumerate(found)), place))
                break
            elif words and _WORDS[found] in words:
                texts.append(_WORDS[found])
                places.append(place)
        else:
            left.pop()
    encoded = [text.encode("utf-8", "replace") for text in texts]
    for index, text in zip(numbers, _number_texts(list(numbers.values())), strict=True):
        encoded[index] = text
    hidden = {index: names for index, text in enumerate(texts) if (names := hidden_names(text))}
    return _Texts(encoded, places, keys, hidden)


def _number_texts(numbers: list[int | float]) -> list[bytes]:
    if not numbers:
        return []
    return bytes(pydantic_core.to_json(numbers, inf_nan_mode="constants"))[1:-1].split(b",")


def _excerpt(text: bytes, start: int, end: int) -> str:
    """Return the match in its context; texts are UTF-8, a cut character is dropped."""
    before, match, after = (
        part.decode("utf-8", "replace") for part in (text[:start], text[start:end], text[end:])
    )
    if len(match) > LONGEST_MATCH:
        match, after = match[:LONGEST_MATCH] + "…", ""
    left = before if len(before) <= AROUND else "…" + before[-AROUND:]
    right = after if len(after) <= AROUND else after[:AROUND] + "…"
    return left + match + right
