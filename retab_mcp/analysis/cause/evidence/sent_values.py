"""Show the value that was sent at the field that a refusal names."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from retab_mcp.analysis.cause.evidence.complaints import (
    Complaint,
    complaints_in,
    normal_name,
    path_tokens_of,
)
from retab_mcp.analysis.cause.evidence.constraints import MISSING, Missing, stands_out, violates
from retab_mcp.analysis.summary import short
from retab_mcp.analysis.values.json_types import as_dict, as_text
from retab_mcp.digest.pointer import format_pointer
from retab_mcp.models import Artifact, Json

# Values shown; more would take the place of other evidence.
MAX_SHOWN = 3
# Estimated tokens of one value.
VALUE_TOKENS = 30
# Keys of an object that lacks a field.
MAX_KEYS = 12
# Values visited in what was sent; a body can have any size.
MAX_VISITED = 100_000
# Rows whose values a suspect is compared with.
MAX_COMPARED = 200
# Levels between a complaint's path and the body: "body", "data.attributes".
MAX_DROPPED = 2
_OUTER = frozenset(
    {
        *("body", "data", "attributes", "request", "payload", "query", "header", "headers", "root"),
        *("input", "inputs", "params", "json", "output"),
    }
)

# Characters read of one text, and levels of a response.
MAX_TEXT = 4_000
MAX_DEPTH = 8
_MENTIONED = re.compile(
    r"'([^'\n]{2,80})'|\"([^\"\n]{2,80})\"|`([^`\n]{2,80})`|(?<![\w-])([A-Za-z]+[\w-]*\d[\w-]*)"
)
# Words of a sentence that no field is named after.
_PLAIN_WORDS = frozenset(
    {
        *(
            "a",
            "an",
            "all",
            "and",
            "are",
            "data",
            "field",
            "fields",
            "for",
            "header",
            "input",
            "is",
        ),
        *("it", "key", "no", "not", "of", "one", "or", "parameter", "property", "request", "the"),
        *("this", "value", "values", "was", "body"),
    }
)

Tokens = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """Data that was sent, and where it is in the record of the step or its artifact."""

    pointer: str
    data: Json


@dataclass(frozen=True, slots=True)
class _Hit:
    """A value at `path`; `base` is 0 or 1, from which its index was counted, None without one."""

    path: Tokens
    value: Json | Missing
    base: int | None
    others: tuple[Json | Missing, ...] = ()


def what_was_sent(artifact: Artifact | None, inputs: Mapping[str, Json]) -> list[Sent]:
    """Return what a step sent or worked on, the nearest to its failure first.

    `inputs` are the step's input handles.
    """
    found: list[Sent] = []
    if artifact is not None:
        data = artifact.data
        attempts = data.get("attempts")
        if isinstance(attempts, list) and attempts and isinstance(attempts[-1], dict):
            last, pointer = attempts[-1], f"/attempts/{len(attempts) - 1}"
            found.append(Sent(f"{pointer}/request_body", decoded(last.get("request_body"))))
            found.append(Sent(f"{pointer}/request_url", _query(last.get("request_url"))))
            found.append(Sent(f"{pointer}/request_headers", last.get("request_headers")))
        found += [Sent(f"/{name}", data[name]) for name in ("inputs", "output") if name in data]
    for handle, content in inputs.items():
        pointer = format_pointer(("handle_inputs", handle, "data"))
        found.append(Sent(pointer, as_dict(content).get("data")))
    return [sent for sent in found if isinstance(sent.data, dict | list) and sent.data]


def refused_values(
    sources: list[Sent], responses: list[Json], *, of_request: bool = True
) -> list[Json]:
    """Return the values at the fields that `responses` (bodies, messages) complain about.

    `of_request` is False for a failure that is not a refused request: its words name a field less
    often.

    Each is {"path", "value", "counted_from"?}, or {"path", "missing", "keys"} where the field was
    not sent. If a row's number can count from 0 or from 1 and both fit, both values are returned.
    """
    for source in sources:
        index = _Index(source.data)
        shown: list[Json] = []
        known: set[Tokens] = set()
        read = complaints_in(responses, index.names, index.array_names, of_request=of_request)
        for complaint in read:
            hits = index.find(complaint)
            if any(path[: len(hit.path)] == hit.path for hit in hits for path in known):
                continue
            known |= {hit.path for hit in hits}
            shown += [_shown(source, hit) for hit in hits]
            if len(shown) >= MAX_SHOWN:
                break
        if shown:
            return shown[:MAX_SHOWN]
    return []


def mentioned_values(sources: list[Sent], responses: list[Json]) -> list[Json]:
    """Return the sent values that responses mention, such as an order number that exists already.

    Only quoted texts and ids with a digit count: a word can be in both by chance.
    """
    said = {token for text in _texts(responses) for token in _MENTIONED.findall(text[:MAX_TEXT])}
    tokens = {part for parts in said for part in parts if part}
    if not tokens:
        return []
    for source in sources:
        found: list[Json] = [
            {"path": source.pointer + format_pointer(path), "value": value}
            for path, value in _Index(source.data).leaves()
            if isinstance(value, str) and value in tokens
        ]
        if found:
            return found[:MAX_SHOWN]
    return []


def _texts(value: Json, depth: int = 0) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [] if depth > MAX_DEPTH else [text for one in inner for text in _texts(one, depth + 1)]


def _shown(source: Sent, hit: _Hit) -> Json:
    if isinstance(hit.value, Missing):
        keys = [key for key in hit.others if isinstance(key, str)]
        parent = source.pointer + format_pointer(hit.path[:-1])
        return {"path": parent, "missing": str(hit.path[-1]), "keys": list(keys[:MAX_KEYS])}
    base = {} if hit.base is None else {"counted_from": hit.base}
    path = source.pointer + format_pointer(hit.path)
    return {"path": path, "value": short(hit.value, VALUE_TOKENS), **base}


class _Index:
    """The names and arrays of what was sent."""

    def __init__(self, data: Json) -> None:
        self._data = data
        self.names: dict[str, str] = {}
        self._arrays: list[tuple[Tokens, list[Json]]] = []
        self._objects: list[tuple[Tokens, dict[str, Json]]] = []
        left = MAX_VISITED
        level: list[tuple[Tokens, Json]] = [((), data)]
        while level and left > 0:
            below: list[tuple[Tokens, Json]] = []
            for path, value in level:
                left -= 1
                if isinstance(value, dict):
                    self._objects.append((path, value))
                    self.names.update({normal_name(key): key for key in value})
                    below += [((*path, key), item) for key, item in value.items()]
                elif isinstance(value, list):
                    self._arrays.append((path, value))
                    below += [((*path, at), item) for at, item in enumerate(value)]
            level = [(path, item) for path, item in below if isinstance(item, dict | list)][:left]

    @property
    def array_names(self) -> list[str]:
        """The names of arrays."""
        return [path[-1] for path, _ in self._arrays if path and isinstance(path[-1], str)]

    def leaves(self) -> Iterator[tuple[Tokens, Json]]:
        """Yield the members of objects and the items of arrays that are neither, with paths."""
        for path, members in self._objects:
            yield from (((*path, key), item) for key, item in members.items())
        for path, items in self._arrays:
            yield from (((*path, at), item) for at, item in enumerate(items))

    def find(self, complaint: Complaint) -> list[_Hit]:
        """Return the values that a complaint is about."""
        if complaint.path:
            return self._at_path(complaint)
        if complaint.row is not None and complaint.name:
            return self._in_row(complaint, complaint.row, complaint.name)
        if complaint.name:
            return self._by_name(complaint, complaint.name)
        return self._lacking(complaint)

    def _at_path(self, complaint: Complaint) -> list[_Hit]:
        for dropped in range(MAX_DROPPED + 1):
            tokens = complaint.path[dropped:]
            outer = complaint.path[:dropped]
            if not tokens:
                return []
            is_known = all(str(each).lower() in _OUTER for each in outer)
            hits = [
                hit
                for base in (0, 1)
                if (hit := self._walk(tokens, base if _has_index(tokens) else None)) is not None
                and (is_known or not isinstance(hit.value, Missing))
            ]
            if hits:
                return _fitting(hits, complaint.text, prefer_zero=complaint.from_zero)
        return []

    def _walk(self, tokens: Tokens, base: int | None) -> _Hit | None:
        """Return the value at `tokens` with indexes that count from `base`, None without one."""
        value: Json = self._data
        path: Tokens = ()
        others: tuple[Json | Missing, ...] = ()
        for depth, token in enumerate(tokens):
            if isinstance(value, list):
                at = token - (base or 0) if isinstance(token, int) else -1
                if not 0 <= at < len(value):
                    return None
                rest = tokens[depth + 1 :]
                others = tuple(_inside(item, rest) for item in value[:MAX_COMPARED])
                value, path = value[at], (*path, at)
                continue
            if not isinstance(value, dict):
                return None
            key = _key_in(value, str(token))
            if key is None:
                is_last = depth == len(tokens) - 1
                known = depth > 0 or len(tokens) == 1
                if not (is_last and known):
                    return None
                return _Hit((*path, str(token)), MISSING, base, tuple(value))
            value, path = value[key], (*path, key)
        return _Hit(path, value, base, others)

    def _in_row(self, complaint: Complaint, row: int, name: str) -> list[_Hit]:
        """Return the value of a name in a numbered row, by each count that fits."""
        tokens = path_tokens_of(name)
        having = [
            (path, rows)
            for path, rows in self._arrays
            if any(not isinstance(_inside(item, tokens), Missing) for item in rows[:MAX_COMPARED])
        ]
        named = [each for each in having if _is_named(each[0], complaint.row_word)]
        chosen = named or having
        if len(chosen) != 1:
            return []
        path, rows = chosen[0]
        others = tuple(_inside(item, tokens) for item in rows[:MAX_COMPARED])
        hits = []
        for base in (0, 1):
            at = row - base
            item = rows[at] if 0 <= at < len(rows) else None
            if isinstance(item, dict):
                value = _inside(item, tokens)
                known = tuple(item) if isinstance(value, Missing) else others
                hits.append(_Hit((*path, at, *_keys_to(item, tokens)), value, base, known))
        return _fitting(hits, complaint.text)

    def _by_name(self, complaint: Complaint, name: str) -> list[_Hit]:
        """Return the one value of this name, or those of several that the text is about."""
        hits = [
            _Hit((*path, key), value[key], None)
            for path, value in self._objects
            if (key := _key_in(value, name)) is not None
        ]
        if len(hits) == 1:
            return hits
        wrong = [hit for hit in hits if violates(hit.value, complaint.text)]
        return wrong if len(wrong) <= MAX_SHOWN else []

    def _lacking(self, complaint: Complaint) -> list[_Hit]:
        """Return the object that lacks a field, if there is no doubt which."""
        name = complaint.lacking
        if name is None or not isinstance(self._data, dict) or name.lower() in _PLAIN_WORDS:
            return []
        if complaint.row is not None or normal_name(name) in self.names:
            return []
        return [_Hit((name,), MISSING, None, tuple(self._data))]


def _fitting(hits: list[_Hit], text: str, *, prefer_zero: bool = False) -> list[_Hit]:
    """Return the hits that the complaint can be about: one, or both if both fit."""
    if len(hits) < 2 or hits[0].path == hits[1].path:
        return hits[:1]
    by_text = [violates(hit.value, text) for hit in hits]
    if by_text[0] is not by_text[1]:
        best = max(by_text, key=lambda each: {True: 2, None: 1, False: 0}[each])
        return [hits[by_text.index(best)]]
    odd = [stands_out(hit.value, hit.others) for hit in hits]
    if by_text[0] is not True and odd[0] != odd[1]:
        return [hits[odd.index(True)]]
    return hits[:1] if prefer_zero and by_text[0] is not True else hits


def _inside(value: Json, tokens: Tokens) -> Json | Missing:
    for token in tokens:
        key = _key_in(value, str(token)) if isinstance(value, dict) else None
        if not isinstance(value, dict) or key is None:
            return MISSING
        value = value[key]
    return value


def _keys_to(value: Json, tokens: Tokens) -> Tokens:
    """Return the actual keys at `tokens`, however their words are joined."""
    keys: list[str | int] = []
    for token in tokens:
        key = _key_in(value, str(token)) if isinstance(value, dict) else None
        keys.append(key or token)
        value = value[key] if isinstance(value, dict) and key is not None else None
    return tuple(keys)


def _key_in(value: dict[str, Json], name: str) -> str | None:
    """Return the key that is `name`, however its words are joined; None without one."""
    if name in value:
        return name
    wanted = normal_name(name)
    return next((key for key in value if normal_name(key) == wanted), None)


def _is_named(path: Tokens, word: str) -> bool:
    """Return whether the array at `path` is named as `word` ("line" for `lines`)."""
    names = [normal_name(part) for part in path if isinstance(part, str)]
    return bool(word) and bool(names) and names[-1].startswith(word.rstrip("s"))


def _has_index(tokens: Tokens) -> bool:
    return any(isinstance(token, int) for token in tokens)


def decoded(body: Json) -> Json:
    """Return the JSON, or the form, in a text; None without one. Other values stay."""
    if not isinstance(body, str):
        return body
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return dict(parse_qsl(body)) if "=" in body and "\n" not in body else None


def _query(url: Json) -> Json:
    try:
        return dict(parse_qsl(urlsplit(as_text(url)).query))
    except ValueError:
        return None
