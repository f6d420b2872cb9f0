"""Read and write JSON Pointers (RFC 6901), with slices, and read `$.a[3].b` paths."""

import re
from difflib import get_close_matches
from itertools import islice
from typing import NamedTuple

from retab_mcp.safety.nodes import Json

_MAX_CHILDREN = 12  # listed in an error: enough for orientation
_MAX_KEY_LENGTH = 60  # characters of a key or pointer shown in a message
_MAX_COMPARED_KEYS = 1000  # comparing with every key of a large map takes too long

_SLICE = re.compile(r"([0-9]{1,12})-([0-9]{1,12})")
_INDEX = re.compile(r"0|[1-9][0-9]{0,11}")
_STEP = re.compile(
    r"""\.(?P<name>[^.\[\]]+)|\[(?P<index>[0-9]+(?:-[0-9]+)?)\]"""
    r"""|\[(?P<quote>['"])(?P<quoted>(?:\\.|(?!(?P=quote)).)*)(?P=quote)\]"""
)


class Resolved(NamedTuple):
    """The value that a path leads to, and its pointer.

    If the path ends in a slice, `start` is its first position and `total` the length of the array,
    string or object. `whole` is the sliced object: `slice_pointer` needs its keys.
    """

    value: Json
    pointer: str
    total: int | None = None
    start: int | None = None
    whole: dict[str, Json] | None = None


class PathError(ValueError):
    """A path that leads nowhere.

    `message` is one sentence, `nearest` the deepest pointer that exists, and `children` are
    pointers to what is under it.
    """

    def __init__(self, message: str, nearest: str, children: tuple[str, ...]) -> None:
        super().__init__(message)
        self.message = message
        self.nearest = nearest
        self.children = children


def parse_path(path: str) -> tuple[str, ...]:
    """Split a path into its unescaped parts; the root ("" or "$") has none.

    Accepts RFC 6901 pointers, also without the first slash, and `$.a[3].b` or `$['a b']`. Raises
    PathError if the text is neither; its `nearest` is the part that could be read.
    """
    if path in ("", "$"):
        return ()
    if path.startswith(("$.", "$[")):
        return _parse_dollar(path)
    body = path.removeprefix("/")
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in body.split("/"))


def _parse_dollar(path: str) -> tuple[str, ...]:
    parts: list[str] = []
    place = 1
    while place < len(path):
        step = _STEP.match(path, place)
        if step is None:
            readable = format_pointer(tuple(parts))
            message = f"The path {_short(path)} has a syntax error at character {place}."
            raise PathError(message, readable, ())
        quoted = step["quoted"]
        if quoted is not None:
            parts.append(re.sub(r"\\(.)", r"\1", quoted))
        else:
            parts.append(step["name"] or step["index"])
        place = step.end()
    return tuple(parts)


def format_pointer(parts: tuple[str | int, ...]) -> str:
    """Join parts to an RFC 6901 pointer, escaping `~` and `/`; no parts give ""."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


def resolve_pointer(value: Json, path: str) -> Resolved:
    """Find the value that a path leads to.

    The last part may be a slice `a-b` (0-based, end exclusive) of the items of an array, the
    characters of a string or the members of an object in their order; an end past the last is cut.
    A key of the same name takes precedence over a slice. Raises PathError if nothing is there.
    """
    parts = _read_path(value, path)
    found: Json = value
    for depth, part in enumerate(parts):
        last = depth == len(parts) - 1
        if isinstance(found, dict) and part in found:
            found = found[part]
            continue
        if isinstance(found, list) and _INDEX.fullmatch(part) and int(part) < len(found):
            found = found[int(part)]
            continue
        bounds = _SLICE.fullmatch(part)
        if bounds and last and isinstance(found, list | str | dict):
            start, end = int(bounds[1]), min(int(bounds[2]), len(found))
            if start < end:
                pointer = slice_pointer(found, format_pointer(parts[:depth]), start, end)
                whole = found if isinstance(found, dict) else None
                return Resolved(_sliced(found, start, end), pointer, len(found), start, whole)
        raise _not_found(found, parts[:depth], part)
    return Resolved(found, format_pointer(parts))


def _read_path(value: Json, path: str) -> tuple[str, ...]:
    """Parse a path; name the children of the part that can be read if it has a syntax error."""
    try:
        return parse_path(path)
    except PathError as error:
        found = resolve_pointer(value, error.nearest)
        children = _children(found.value, parse_path(found.pointer), "")
        raise PathError(error.message, found.pointer, children) from None


def _sliced(found: Json, start: int, end: int) -> Json:
    if isinstance(found, dict):
        return dict(islice(found.items(), start, end))
    return found[start:end]


def _not_found(found: Json, parent: tuple[str, ...], part: str) -> PathError:
    nearest = format_pointer(parent)
    where = f"at {_short(nearest)}" if nearest else "at the root"
    asked = _short(part) or '""'
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
    return PathError(message, nearest, _children(found, parent, part))


def _children(found: Json, parent: tuple[str, ...], part: str) -> tuple[str, ...]:
    """Return pointers to what is under a value, keys that resemble `part` first."""
    if isinstance(found, dict):
        first_keys = list(islice(found, _MAX_COMPARED_KEYS))
        near = get_close_matches(part, first_keys, _MAX_CHILDREN, cutoff=0.6)
        keys = [*near, *(key for key in first_keys if key not in near)]
        return tuple(format_pointer((*parent, key)) for key in keys[:_MAX_CHILDREN])
    if isinstance(found, list | str) and found:
        return (format_pointer((*parent, f"0-{len(found)}")),)
    return ()


def slice_pointer(members: Json, base: str, start: int, end: int) -> str:
    """Return the pointer of the slice `start`-`end` of the array, string or object at `base`.

    A key of the same name would take precedence, so the slice gets leading zeros in that case.
    """
    part = f"{start}-{end}"
    while isinstance(members, dict) and part in members:
        part = f"0{part}"
    return f"{base}/{part}"


def _short(text: str) -> str:
    return text if len(text) <= _MAX_KEY_LENGTH else f"{text[:_MAX_KEY_LENGTH]}…"
