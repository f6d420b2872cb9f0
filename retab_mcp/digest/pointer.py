"""JSON Pointer (RFC 6901) with slices, and the `$.a[3].b` form of the API's own paths."""

import re
from difflib import get_close_matches
from itertools import islice
from typing import Any, NamedTuple

Json = Any

_MOST_CHILDREN = 12  # enough to see what is there, few enough to read
_LONGEST_HINT = 60  # characters of a key shown in a message

_SLICE = re.compile(r"([0-9]{1,12})-([0-9]{1,12})")
_INDEX = re.compile(r"0|[1-9][0-9]{0,11}")
_STEP = re.compile(
    r"""\.(?P<name>[^.\[\]]+)|\[(?P<index>[0-9]+(?:-[0-9]+)?)\]"""
    r"""|\[(?P<quote>['"])(?P<quoted>(?:\\.|(?!(?P=quote)).)*)(?P=quote)\]"""
)


class Resolved(NamedTuple):
    """What a path leads to; `start` and `total` are set where its last token was a slice.

    Of a slice of an object, `whole` is the object: its keys decide how further slices are written.
    """

    value: Json
    pointer: str
    total: int | None = None
    start: int | None = None
    whole: dict[str, Json] | None = None


class PathError(ValueError):
    """A path that leads nowhere: one sentence, the deepest part that exists, what is under it."""

    def __init__(self, message: str, nearest: str, children: tuple[str, ...]) -> None:
        super().__init__(message)
        self.message = message
        self.nearest = nearest
        self.children = children


def parse_path(path: str) -> tuple[str, ...]:
    """Split a path into its tokens, unescaped; the root ("", "$") has none.

    Takes RFC 6901 pointers (a missing first slash is forgiven) and `$.a[3].b`, `$['a b']`.
    Raises PathError where the text is neither; its `nearest` is the part that can be read.
    """
    if path in ("", "$"):
        return ()
    if path.startswith(("$.", "$[")):
        return _parse_dollar(path)
    body = path.removeprefix("/")
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in body.split("/"))


def _parse_dollar(path: str) -> tuple[str, ...]:
    tokens: list[str] = []
    place = 1
    while place < len(path):
        step = _STEP.match(path, place)
        if step is None:
            readable = format_pointer(tuple(tokens))
            message = f"The path {_short(path)} cannot be read from character {place} on."
            raise PathError(message, readable, ())
        quoted = step["quoted"]
        if quoted is not None:
            tokens.append(re.sub(r"\\(.)", r"\1", quoted))
        else:
            tokens.append(step["name"] or step["index"])
        place = step.end()
    return tuple(tokens)


def format_pointer(tokens: tuple[str | int, ...]) -> str:
    """Join tokens to an RFC 6901 pointer, escaping `~` and `/`; no tokens give ""."""
    return "".join(f"/{str(token).replace('~', '~0').replace('/', '~1')}" for token in tokens)


def resolve(value: Json, path: str) -> Resolved:
    """Find what a path names in a value.

    A key of that very name wins over a slice. Slices `a-b` are 0-based, end exclusive, over the
    items of an array, the characters of a string or the members of an object in their order; an
    end past the end is cut to it. Raises PathError naming the deepest pointer that exists and what
    is under it.
    """
    tokens = _tokens_of(value, path)
    found: Json = value
    for depth, token in enumerate(tokens):
        last = depth == len(tokens) - 1
        if isinstance(found, dict) and token in found:
            found = found[token]
            continue
        if isinstance(found, list) and _INDEX.fullmatch(token) and int(token) < len(found):
            found = found[int(token)]
            continue
        bounds = _SLICE.fullmatch(token)
        if bounds and last and isinstance(found, list | str | dict):
            start, end = int(bounds[1]), min(int(bounds[2]), len(found))
            if start < end:
                pointer = slice_pointer(found, format_pointer(tokens[:depth]), start, end)
                whole = found if isinstance(found, dict) else None
                return Resolved(_part(found, start, end), pointer, len(found), start, whole)
        raise _no_such(found, tokens[:depth], token)
    return Resolved(found, format_pointer(tokens))


def _tokens_of(value: Json, path: str) -> tuple[str, ...]:
    """Read a path; where it cannot be read, name what is under the part that can."""
    try:
        return parse_path(path)
    except PathError as error:
        found = resolve(value, error.nearest)
        children = _children(found.value, parse_path(found.pointer), "")
        raise PathError(error.message, found.pointer, children) from None


def _part(found: Json, start: int, end: int) -> Json:
    if isinstance(found, dict):
        return dict(islice(found.items(), start, end))
    return found[start:end]


def _no_such(found: Json, parent: tuple[str, ...], token: str) -> PathError:
    nearest = format_pointer(parent)
    where = f"at {_short(nearest)}" if nearest else "at the root"
    asked = _short(token) or '""'
    if isinstance(found, dict):
        message = f"There is no key {asked} {where}, an object of {len(found)} keys."
    elif isinstance(found, list | str):
        unit = "items" if isinstance(found, list) else "characters"
        kind = "an array" if isinstance(found, list) else "a string"
        message = f"There is no {asked} {where}, {kind} of {len(found)} {unit} counted from 0."
    else:
        message = (
            f"There is nothing under {asked}: {_short(nearest) or 'the root'} is a plain value."
        )
    return PathError(message, nearest, _children(found, parent, token))


def _children(found: Json, parent: tuple[str, ...], token: str) -> tuple[str, ...]:
    """Return pointers of what is under a value, keys like the token first."""
    if isinstance(found, dict):
        near = get_close_matches(token, _first_keys(found), _MOST_CHILDREN, cutoff=0.6)
        keys = [*near, *(key for key in _first_keys(found) if key not in near)]
        return tuple(format_pointer((*parent, key)) for key in keys[:_MOST_CHILDREN])
    if isinstance(found, list | str) and found:
        return (format_pointer((*parent, f"0-{len(found)}")),)
    return ()


def _first_keys(found: dict[str, Json]) -> list[str]:
    # Comparing with every key of a large map would take longer than the answer is worth.
    return [key for key, _ in zip(found, range(1000), strict=False)]


def slice_pointer(members: Json, base: str, start: int, end: int) -> str:
    """Return the pointer of the slice `start`-`end` of the array or object at `base`.

    A key of the very name of the slice would win over it, so such a slice gets leading zeros.
    """
    token = f"{start}-{end}"
    while isinstance(members, dict) and token in members:
        token = f"0{token}"
    return f"{base}/{token}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_HINT else f"{text[:_LONGEST_HINT]}…"
