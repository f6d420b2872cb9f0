"""Compare values that differ only in what nobody can see."""

import marshal
import unicodedata
from collections.abc import Iterator
from itertools import chain

import re2  # type: ignore[import-untyped]

from retab_mcp.safety.clean import CleanedText, hidden_names, removed_from, same_text
from retab_mcp.safety.nodes import Container, Json, batches, containers_in
from retab_mcp.safety.view import lookalike

__all__ = [
    "MAY_LOOK_ALIKE",
    "hidden_difference",
    "hidden_in",
    "hidden_names",
    "holds_hidden",
    "holds_only_plain",
    "may_hold_alike",
    "same_text",
    "unseen_difference",
    "visible_form",
]

# Differences that one sentence names.
_MAX_NAMED = 3
# Stays a text of its own between texts: neither a space nor composed with what follows it.
_BETWEEN = "\0"
# Matches in the bytes of JSON with a text that is not its own visible form: escapes, spaces in a
# row or at an edge, and characters beyond Latin-1. The letters of Latin-1 look like themselves.
MAY_LOOK_ALIKE = re2.compile(
    rb'\\|[ ]{2}|(?:^|[:,\[{]\s*)"\s|\s"\s*[:,\]}]|[\x{d7}\x{f7}]|[^\x00-\x7f\x{c0}-\x{ff}]'
)
_MARSHAL_VERSION = 2  # the last one that does not look for equal objects


def hidden_difference(value: Json, other: Json, names: tuple[str, str]) -> str | None:
    """Name the invisible characters that one of two equal texts had and the other did not.

    `names` are the names of the two, as in "actual contains U+200B". None if nothing differs.
    """
    if value != other or removed_from(value) == removed_from(other):
        return None
    sides = zip(names, (hidden_names(value), hidden_names(other)), strict=True)
    found = [f"{name} contains {', '.join(hidden)}" for name, hidden in sides if hidden]
    return "; ".join(found) or None


def visible_form(text: str) -> str:
    """Return what a reader sees of a text: composed, with plain spaces and look-alikes as ASCII."""
    if text.isascii():
        return " ".join(text.split())
    seen = "".join(map(lookalike, unicodedata.normalize("NFC", text)))
    return " ".join(seen.split())


def unseen_difference(value: Json, other: Json, names: tuple[str, str]) -> str | None:
    """Name what nobody can see by which two texts differ that look the same, None if nothing.

    These are invisible characters, spaces of another kind or at an end, look-alike letters of
    other scripts, and combining marks. `names` are the names of the two.
    """
    if not isinstance(value, str) or not isinstance(other, str) or same_text(value, other):
        return None
    if not visible_form(value) or visible_form(value) != visible_form(other):
        return None
    parts = [
        f"{name} {said}"
        for name, text, against in ((names[0], value, other), (names[1], other, value))
        for said in _unseen_in(text, against)
    ]
    return "; ".join(parts) or None


def _unseen_in(text: str, other: str) -> Iterator[str]:
    """Say what a text has that another one, which looks the same, does not have."""
    codes = [name for name in hidden_names(text) if name not in hidden_names(other)]
    codes += [
        _named(character)
        for character in dict.fromkeys(text.strip())
        if character not in other and _looks_like_another(character)
    ]
    if codes:
        yield f"contains {', '.join(codes[:_MAX_NAMED])}"
    for edge, space in (("begins", text[:1]), ("ends", text[-1:])):
        if space.isspace() and text.strip() and other.strip() == other:
            yield f"{edge} with a space ({_named(space)})"
    if "  " in text.strip() and "  " not in other:
        yield "has two spaces in a row"


def _looks_like_another(character: str) -> bool:
    is_space = character.isspace() and character != " "
    return is_space or lookalike(character) != character or bool(unicodedata.combining(character))


def _named(character: str) -> str:
    code = f"U+{ord(character):04X}"
    return f"{code} ({unicodedata.name(character)})" if character.isalpha() else code


def holds_hidden(value: Json) -> bool:
    """Return whether any text in a value lost characters when it was cleaned."""
    try:
        # It takes plain str only, and is far faster than looking at each type.
        marshal.dumps(value, _MARSHAL_VERSION)
    except ValueError:
        return _holds_hidden(value)
    return False


def _holds_hidden(value: Json) -> bool:
    level: list[Container] = containers_in([value])
    if not level:
        return type(value) is CleanedText
    while level:
        below: list[Container] = []
        for batch in batches(level):
            if CleanedText in set(map(type, batch)):
                return True
            below += containers_in(batch)
        level = below
    return False


def may_hold_alike(value: Json) -> bool:
    """Return whether two texts or keys in a value may look the same and differ: a fast test."""
    if holds_hidden(value):
        return True
    texts = _texts(value)
    return not _are_plain(texts) and len(set(map(visible_form, texts))) < len(texts)


def holds_only_plain(value: Json) -> bool:
    """Return whether every text and key in a value is its own visible form, so none look alike.

    Far faster for many values at once than `may_hold_alike` for each.
    """
    return not holds_hidden(value) and _are_plain(_texts(value))


def _texts(value: Json) -> set[str]:
    texts: set[str] = {value} if type(value) is str else set()
    level: list[Container] = containers_in([value])
    while level:
        below: list[Container] = []
        for batch in batches(level):
            types = set(map(type, batch))
            if types == {str}:
                texts.update(batch)
            elif str in types:
                texts.update(found for found in batch if type(found) is str)
            if not types.isdisjoint((dict, list)):
                below += containers_in(batch)
        texts.update(chain.from_iterable(found for found in level if isinstance(found, dict)))
        level = below
    return texts


def _are_plain(texts: set[str]) -> bool:
    """Return whether each text is its own visible form."""
    joined = _BETWEEN.join(("", *texts, ""))
    if f"{_BETWEEN} " in joined or f" {_BETWEEN}" in joined or " ".join(joined.split()) != joined:
        return False
    if joined.isascii():
        return True
    return unicodedata.is_normalized("NFC", joined) and not any(
        lookalike(character) != character for character in set(joined)
    )


def hidden_in(value: Json) -> tuple[tuple[int, object], ...]:
    """Return the characters that texts in a value lost, with the position of each text."""
    return tuple(
        (number, text.removed)
        for number, text in enumerate(_scalars(value))
        if isinstance(text, CleanedText)
    )


def _scalars(value: Json) -> Iterator[Json]:
    left = [value]
    while left:
        found = left.pop()
        if isinstance(found, dict):
            left += reversed(found.values())
        elif isinstance(found, list):
            left += reversed(found)
        else:
            yield found
