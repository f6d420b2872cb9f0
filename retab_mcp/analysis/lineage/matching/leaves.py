"""The fields of a step's handles, with what surrounds them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from retab_mcp.analysis.values.json_types import as_dict
from retab_mcp.analysis.values.walk import Place, path_tokens
from retab_mcp.models import Json

Tokens = tuple[str | int, ...]
# The parts of a handle that hold a value.
PARTS = ("data", "document", "text")
# More fields are not compared: a step with that many holds bulk data.
MAX_LEAVES = 200_000


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar or empty container in a handle; `parent` is the object or list that holds it."""

    place: Place
    value: Json
    parent: Json

    @property
    def tokens(self) -> Tokens:
        """The keys and indexes from the handles down."""
        return path_tokens(self.place)

    @property
    def key(self) -> str:
        """The innermost key; "" where there is none."""
        return innermost_key(self.tokens)


def innermost_key(tokens: Tokens) -> str:
    """Return the last part of a path that is a key, "" if none is."""
    return next((part for part in reversed(tokens) if isinstance(part, str)), "")


def leaves(handles: Mapping[str, Json]) -> Iterator[Leaf]:
    """Yield the fields of all handles in order, at most MAX_LEAVES."""
    count = 0
    stack = [
        Leaf(((None, handle), part), content[part], content)
        for handle, content in handles.items()
        for part in PARTS
        if part in as_dict(content)
    ][::-1]
    while stack and count < MAX_LEAVES:
        leaf = stack.pop()
        value = leaf.value
        if isinstance(value, dict) and value:
            stack += [Leaf((leaf.place, key), value[key], value) for key in reversed(value)]
        elif isinstance(value, list) and value:
            last = len(value) - 1
            stack += [Leaf((leaf.place, at), value[at], value) for at in range(last, -1, -1)]
        else:
            count += 1
            yield leaf


def value_at(handles: Json, tokens: Tokens) -> tuple[bool, Json]:
    """Return whether there is anything at `tokens`, and what."""
    found = handles
    for token in tokens:
        if isinstance(found, dict):
            if token not in found:
                return False, None
            found = found[token]
        elif isinstance(found, list) and isinstance(token, int) and 0 <= token < len(found):
            found = found[token]
        else:
            return False, None
    return True, found


def containers(handles: Mapping[str, Json]) -> Iterator[tuple[Tokens, Json]]:
    """Yield the objects and lists in the handles that are not empty, outermost first."""
    open_places: list[tuple[Place, Json]] = [
        (((None, handle), part), as_dict(content).get(part))
        for handle, content in handles.items()
        for part in PARTS
    ]
    count = 0
    for place, value in open_places:
        if not value or not isinstance(value, dict | list) or count >= MAX_LEAVES:
            continue
        count += 1
        yield path_tokens(place), value
        members = value.items() if isinstance(value, dict) else enumerate(value)
        open_places += [((place, key), member) for key, member in members]
