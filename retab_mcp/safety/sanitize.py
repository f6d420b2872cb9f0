"""Makes any JSON safe to show: cleans, then redacts, every text and key of it at once."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate, chain
from typing import Any, NamedTuple

from retab_mcp.safety.clean import clean_text, suspicious_spans
from retab_mcp.safety.columns import Container, batches, containers_in
from retab_mcp.safety.redact import REDACTED, is_secret_key, redact_text, suspects

Json = Any

# An entry of a list may carry its name beside its value, as HTTP headers often do.
_LABEL_KEYS = frozenset(("name", "key", "header"))
_CONTENT_KEY = "value"
# A JSON Schema speaks of a field called `password` and holds none.
_SCHEMA_KEYS = ("type", "$ref", "anyOf", "oneOf", "allOf")


class Sanitized(NamedTuple):
    """A value that is safe to show, and how many credentials were taken out of it."""

    value: Json
    redacted: int


class _Fixes(NamedTuple):
    """What has to change: texts to (new text, credentials), keys, values under secret names."""

    texts: dict[str, tuple[str, int]]
    keys: dict[str, tuple[str, int]]
    secret_members: dict[int, tuple[str, ...]]  # id of a dict -> its keys to redact


def sanitize_text(text: str) -> tuple[str, int]:
    """Clean and redact one text; return it and the number of credentials taken out."""
    return redact_text(clean_text(text))


def sanitize(value: Json) -> Sanitized:
    """Clean and redact every text and key of a JSON value, however deep.

    Values under secret keys (also `{name, value}` entries) become "[redacted]" whole, unless null,
    empty, true, false or a fraction. Keys that become equal get a number. What needs no change is
    the same object as before; doing it twice changes nothing more.
    """
    if isinstance(value, str):
        text, count = sanitize_text(value)
        return Sanitized(text, count)
    if not isinstance(value, dict | list):
        return Sanitized(value, 0)
    secret_members: dict[int, tuple[str, ...]] = {}
    levels: list[list[Container]] = []
    texts: list[str] = []
    keys: set[str] = set()
    level: list[Container] = [value]
    while level:
        levels.append(level)
        below: list[Container] = []
        for batch in _level_values(level, keys, secret_members):
            kinds = set(map(type, batch))
            if str in kinds:
                texts += batch if len(kinds) == 1 else [x for x in batch if type(x) is str]
            below += containers_in(batch)
        level = below
    fixes = _Fixes(_dirty_texts(texts), _dirty_texts(list(keys)), secret_members)
    if not (fixes.texts or fixes.keys or fixes.secret_members):
        return Sanitized(value, 0)
    return _rebuild(value, levels, fixes)


def _level_values(
    level: list[Container], keys: set[str], secret_members: dict[int, tuple[str, ...]]
) -> list[list[Json]]:
    """Return the values in the containers of one level, but those under secret keys."""
    dicts = [item for item in level if type(item) is dict]
    names: set[str] = set(chain.from_iterable(dicts))
    keys |= names
    secret = frozenset(name for name in names if is_secret_key(clean_text(name)))
    labels = [name for name in names if name.lower() in _LABEL_KEYS]
    contents = [name for name in names if name.lower() == _CONTENT_KEY and name not in secret]
    if not secret and not (labels and contents):
        return batches(level)
    values: list[Json] = []
    for item in dicts:
        hidden = tuple(_secret_members(item, secret, labels, contents))
        if hidden:
            secret_members[id(item)] = hidden
            values += [child for key, child in item.items() if key not in hidden]
        else:
            values += item.values()
    return [values, *batches([item for item in level if type(item) is list])]


def _secret_members(
    item: dict[str, Json], secret: frozenset[str], labels: list[str], contents: list[str]
) -> Iterator[str]:
    for key in secret:
        if key in item and _can_be_secret(item[key]):
            yield key
    names = [item[label] for label in labels if type(item.get(label)) is str]
    if any(is_secret_key(clean_text(name)) for name in names):
        for key in contents:
            if key in item and _can_be_secret(item[key]):
                yield key


def _can_be_secret(value: Json) -> bool:
    # Null and empty are facts worth seeing, and a fraction is a likelihood.
    if value is None or type(value) in (bool, float):
        return False
    if type(value) is dict:
        return bool(value) and not any(key in value for key in _SCHEMA_KEYS)
    return value not in ("", [], REDACTED)


def _dirty_texts(texts: list[str]) -> dict[str, tuple[str, int]]:
    """Map each text that must change to what it becomes and its number of credentials."""
    joined = "\n".join(texts)
    cleaned: dict[str, str] = {}
    for place in _touched(texts, suspicious_spans(joined)):
        cleaned[texts[place]] = clean_text(texts[place])
    if cleaned:
        before = texts
        texts = [cleaned.get(text, text) for text in texts]
        joined = "\n".join(texts)
    else:
        before = texts
    dirty = {text: (new, 0) for text, new in cleaned.items() if new != text}
    for place in _touched(texts, suspects(joined)):
        text, count = redact_text(texts[place])
        if text != before[place]:
            dirty[before[place]] = (text, count)
    return dirty


def _touched(texts: list[str], spans: list[tuple[int, int]]) -> set[int]:
    """Return which of the joined texts the spans touch."""
    if not spans:
        return set()
    starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
    touched: set[int] = set()
    for start, end in spans:
        first = bisect_right(starts, start) - 1
        last = bisect_right(starts, max(start, end - 1)) - 1
        touched.update(range(first, last + 1))
    return {place for place in touched if place < len(texts)}


def _rebuild(value: Container, levels: list[list[Container]], fixes: _Fixes) -> Sanitized:
    """Make new containers from the deepest level up, only where something under them changes."""
    replaced: dict[int, Container] = {}
    redacted = 0
    for level in reversed(levels):
        for item in level:
            if type(item) is dict:
                new, count = _new_dict(item, fixes, replaced)
            else:
                new, count = _new_list(item, fixes, replaced)
            if new is not None:
                replaced[id(item)] = new
                redacted += count
    return Sanitized(replaced.get(id(value), value), redacted)


def _new_list(
    item: Any, fixes: _Fixes, replaced: dict[int, Container]
) -> tuple[Container | None, int]:
    new: list[Json] | None = None
    redacted = 0
    for place, child in enumerate(item):
        if type(child) is str:
            fix = fixes.texts.get(child)
            if fix is None:
                continue
            fresh: Json = fix[0]
            redacted += fix[1]
        else:
            fresh = replaced.get(id(child), child)
            if fresh is child:
                continue
        if new is None:
            new = list(item)
        new[place] = fresh
    return new, redacted


def _new_dict(
    item: dict[str, Json], fixes: _Fixes, replaced: dict[int, Container]
) -> tuple[Container | None, int]:
    hidden = fixes.secret_members.get(id(item), ())
    changed = bool(hidden) or not fixes.keys.keys().isdisjoint(item)
    redacted = len(hidden)
    new: dict[str, Json] = {}
    for key, child in item.items():
        fresh = child
        if key in hidden:
            fresh = REDACTED
        elif type(child) is str:
            if fix := fixes.texts.get(child):
                fresh = fix[0]
                redacted += fix[1]
        else:
            fresh = replaced.get(id(child), child)
        changed = changed or fresh is not child
        name, count = fixes.keys.get(key, (key, 0))
        redacted += count
        if name in new or (name != key and name in item):
            name = _free_name(name, item, new)
        new[name] = fresh
    return (new, redacted) if changed else (None, 0)


def _free_name(name: str, item: dict[str, Json], new: dict[str, Json]) -> str:
    number = 2
    while f"{name} ({number})" in item or f"{name} ({number})" in new:
        number += 1
    return f"{name} ({number})"
