"""Join an error about a missing key with the keys that the step's input has."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from retab_mcp.analysis.record_rules.near_names import near_names
from retab_mcp.analysis.values.json_types import as_dict
from retab_mcp.digest.pointer import format_pointer
from retab_mcp.models import Json

# Keys of the object that are shown.
MAX_KEYS = 10
# Values visited in an input, which can have any size.
MAX_VISITED = 100_000

_NAME = (
    r"""['"`\u201c\u201e\u00ab]?\s?:?(?P<name>[A-Za-z_$\u00c0-\u024f][\w.$ -]{0,59}?)\s?"""
    r"""['"`\u201d\u00bb]"""
)
_THING = (
    r"(?:key|field|property|column|attribute|entry|schl\u00fcssel|feld|spalte|cl\u00e9|champ"
    r"|clave|campo)"
)
# Messages by which programs say that a key is not there.
_ABSENT = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"KeyError\(?:?\s*\(?" + _NAME,
        r"has no (?:attribute|key|field|property|member) " + _NAME,
        r"(?:undefined|unknown|missing)(?: \w+){0,2} " + _THING + r"s?:? " + _NAME,
        r"no such " + _THING + r":? " + _NAME,
        r"cannot find " + _THING + r":? " + _NAME,
        _THING
        + r":? "
        + _NAME
        + r" (?:(?:was|is|est|es|ist|wurde) )?(?:not found|missing|absent|not present"
        r"|does not exist|undefined"
        r"|fehlt|nicht gefunden|manquant|introuvable|absente|no encontrad|faltante|no existe)",
        r"(?:falta|manque)(?: \w+){0,2} " + _NAME,
        r"(?:key|name) not found: :?(?P<name>[A-Za-z_]\w{0,59})",
        r"no such (?:key|field|property): (?P<name>[A-Za-z_]\w{0,59})",
        _NAME + r" is (?:undefined|a required property|not in the (?:input|record|row|data))",
        r"\b(?:data|input|inputs|item|row|record|payload|doc|order|event)\.(?P<name>[A-Za-z_]\w{0,59})"
        r" is (?:undefined|not defined)",
    )
)
# JavaScript names the key that it read from a value that was not there.
_READ_FROM_NOTHING = re.compile(
    r"cannot read propert(?:y|ies)(?: of (?:undefined|null))? ?\(?(?:reading )?"
    r"'(?P<name>\w{1,60})'",
    re.I,
)

_DIGITS = re.compile(r"\d+")

Tokens = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """An object without the key, and how many alike objects there are, in all and without it."""

    path: Tokens
    record: dict[str, Json]
    near: str | None = None
    lacking: int = 1
    alike: int = 1
    elsewhere: Tokens | None = None
    read_by_code: bool = False


def absent_key_evidence(
    messages: Sequence[str], code: Sequence[str], inputs: Mapping[str, Json]
) -> dict[str, Json]:
    """Return {"absent_key": {"key", "path", "keys", "nearest"?, …}}, {} where no key is absent.

    `messages` are those of the failure, `code` the lines of code that it shows, `inputs` the
    step's input handles. `path` is the object of the input that lacks the key; of several alike,
    such as rows, `absent_in` of `alike` lack it. `found_at` is where the input has it instead.
    """
    key = next(filter(None, (_key_in(message, code) for message in messages)), None)
    if key is None:
        return {}
    parents = _parents_in(key, code)
    best: tuple[tuple[bool, ...], dict[str, Json]] | None = None
    for handle, content in inputs.items():
        data = as_dict(content).get("data")
        objects = list(_objects(data))
        # A lookup of a value in a table of the code's own: `RATES['C3']`.
        if any(_is_like(key, value) for _, record in objects for value in record.values()):
            return {}
        found = _lacking(key, objects, parents)
        if found is None:
            continue
        rank = (
            *(found.read_by_code, found.lacking < found.alike),
            *(found.near is not None, found.elsewhere is not None),
        )
        if best is None or rank > best[0]:
            best = rank, _shown(key, found, ("handle_inputs", handle, "data"))
    return {"absent_key": best[1]} if best is not None else {}


def _is_like(key: str, value: Json) -> bool:
    """Return whether a value is the key, or an id of the same form: "BK-2217" and "BK-55"."""
    if not isinstance(value, str):
        return False
    form = _DIGITS.sub("0", key)
    return value == key or (form != key and _DIGITS.sub("0", value) == form)


def _key_in(message: str, code: Sequence[str]) -> str | None:
    """Return the key that a message says is absent, None if it says that of none."""
    read = _READ_FROM_NOTHING.search(message)
    if read is not None:
        parent = re.compile(
            rf"(?:\.|\[['\"])(?P<name>\w{{1,60}})(?:['\"]\])?\??\.{re.escape(read['name'])}\b"
        )
        lines = (parent.search(line) for line in (*code, message))
        return next((found["name"] for found in lines if found), None)
    for pattern in _ABSENT:
        found = pattern.search(message)
        if found is not None:
            return found["name"].rpartition(".")[2]
    return None


def _parents_in(key: str, code: Sequence[str]) -> frozenset[str]:
    """Return the names that the code reads the key from: `vendor` of `data['vendor']['vat_id']`.

    A bare variable says nothing about the input's own names.
    """
    parent = re.compile(
        rf"(?:\.|\[['\"])(?P<name>\w{{1,60}})(?:['\"]\])?(?:\?\.|\.|\[['\"]){re.escape(key)}\b"
    )
    return frozenset(found["name"] for line in code for found in parent.finditer(line))


def _objects(data: Json) -> Iterator[tuple[Tokens, dict[str, Json]]]:
    """Yield the objects in `data` with their paths, the outer ones first."""
    level: list[tuple[Tokens, Json]] = [((), data)]
    left = MAX_VISITED
    while level and left > 0:
        below: list[tuple[Tokens, Json]] = []
        for path, value in level:
            left -= 1
            if isinstance(value, dict):
                yield path, value
                below += [((*path, key), held) for key, held in value.items()]
            elif isinstance(value, list):
                below += [((*path, at), held) for at, held in enumerate(value)]
        level = [one for one in below if isinstance(one[1], dict | list)][:left]


def _lacking(
    key: str, objects: Sequence[tuple[Tokens, dict[str, Json]]], parents: frozenset[str]
) -> _Found | None:
    """Return the object that most likely should have the key: one of `parents` before others."""
    if not objects:
        return None
    groups: dict[Tokens, list[tuple[Tokens, dict[str, Json]]]] = {}
    for path, record in objects:
        pattern = tuple("*" if isinstance(token, int) else token for token in path)
        groups.setdefault(pattern, []).append((path, record))
    for place, alike in groups.items():
        without = [one for one in alike if key not in one[1]]
        if without and next((part for part in reversed(place) if part != "*"), "") in parents:
            path, record = without[0]
            near = _near(key, record)
            return _Found(path, record, near, len(without), len(alike), read_by_code=True)
    elsewhere = None
    for alike in groups.values():
        without = [one for one in alike if key not in one[1]]
        if 0 < len(without) < len(alike):
            path, record = without[0]
            return _Found(path, record, _near(key, record), len(without), len(alike))
        if not without and elsewhere is None:
            elsewhere = (*alike[0][0], key)
    for alike in groups.values():
        path, record = alike[0]
        if elsewhere is None and (near := _near(key, record)) is not None:
            return _Found(path, record, near, len(alike), len(alike))
    path, record = objects[0]
    # What is there already is not absent.
    return None if key in record else _Found(path, record, elsewhere=elsewhere)


def _near(key: str, record: dict[str, Json]) -> str | None:
    return next(iter(near_names(key, record)), None)


def _shown(key: str, found: _Found, place: Tokens) -> dict[str, Json]:
    ordered = sorted(found.record, key=lambda name: name != found.near)
    shown: dict[str, Json] = {
        "key": key,
        "path": format_pointer((*place, *found.path)),
        "keys": list(ordered[:MAX_KEYS]),
    }
    if len(ordered) > MAX_KEYS:
        shown["more_keys"] = len(ordered) - MAX_KEYS
    if found.near is not None:
        shown["nearest"] = found.near
    if found.alike > 1:
        shown |= {"absent_in": found.lacking, "alike": found.alike}
    if found.elsewhere is not None:
        shown["found_at"] = format_pointer((*place, *found.elsewhere))
    return shown
