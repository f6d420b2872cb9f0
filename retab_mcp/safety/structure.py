"""Find credentials in JSON by where they are: under a name, next to one, below one in a table."""

from collections.abc import Iterable, Iterator
from enum import Enum, auto
from typing import NamedTuple, TypeAlias

from retab_mcp.safety.clean import clean_text
from retab_mcp.safety.names import Kind, kind_of
from retab_mcp.safety.nodes import Container, Json
from retab_mcp.safety.roles import (
    ADDRESSES,
    CELLS,
    FIELD_NAMES,
    HEADER_ROWS,
    LABELS,
    LINES,
    MOST_ROLES,
    OPEN_MEMBERS,
    ROWS,
    SAMPLES,
    SCHEMA_MARKS,
    SCHEMA_TYPES,
    SCORE_NAMES,
    SECRET_TYPES,
    is_content,
    is_label,
    plain_name,
    role,
)
from retab_mcp.safety.values import REDACTED, is_drawn, secret_spans

_LONGEST_LABEL = 100
_LONGEST_FIELD = 13  # of a plain word that is one more field rather than the value of the first
_LEAST_PIN = 100
_LEAST_NUMBER = 1_000
_LEAST_SESSION = 10**7
_FEWEST_WORDS = 6  # of a recovery phrase that is given as a list


class Place(Enum):
    """What the members of an object are, by the name above it."""

    SCORES = auto()
    """Numbers about fields: likelihoods of one called `password`."""
    FIELDS = auto()
    """Descriptions of fields, as in a JSON Schema."""


class Within(NamedTuple):
    """The object or list is under the name of a credential."""

    kind: Kind
    strict: bool


class Described(NamedTuple):
    """The object is the schema of a field with the name of a credential."""

    kind: Kind


class Found(NamedTuple):
    """What structure tells: new values by container (its id) and key or index, how many were
    hidden, and whether anything was."""

    replaced: dict[int, dict[str | int, Json]]

    def replace(self, container: Container, key: str | int, new: Json) -> None:
        """Note that a member of a container becomes `new`."""
        self.replaced.setdefault(id(container), {})[key] = new


Above: TypeAlias = Within | Described | Place


def name_kind(key: str) -> Kind | None:
    """Return of which kind the credential under a key is, None for any other key."""
    return kind_of(clean_text(key))


def is_telling(key: str) -> bool:
    """Return whether a key says something about what is under it or next to it."""
    return (
        name_kind(key) is not None
        or role(key, SCORE_NAMES)
        or role(key, FIELD_NAMES)
        or role(key, HEADER_ROWS)
    )


_HEADER_KINDS = (Kind.AUTHORIZATION, Kind.COOKIE)
_HTTP_HEADERS = frozenset(
    ("content_type", "accept", "user_agent", "host", "content_length", "accept_encoding")
)


class Reader:
    """Goes down the levels of a JSON value, knowing what is above each container."""

    def __init__(self, names: frozenset[str]) -> None:
        """`names` are texts of the value that name a credential or begin a private key."""
        self._names = names
        self._within: dict[int, Above] = {}
        self.found = Found({})

    def wants(self, keys: Iterable[str]) -> bool:
        """Return whether a level with these keys has to be read."""
        return bool(self._within or self._names) or any(map(is_telling, keys))

    def read(self, containers: list[Container]) -> None:
        """Read one level; those above it were read before."""
        for item in containers:
            above = self._within.get(id(item))
            if type(item) is dict:
                self._read_object(item, above)
            elif type(item) is list:
                self._read_list(item, above)

    def _read_object(self, item: dict[str, Json], above: Above | None) -> None:
        if type(above) is Within and _is_schema(item):
            above = Described(above.kind)
        among_headers: bool | None = None
        for key, child in item.items():
            kind = name_kind(key)
            if type(child) is dict or type(child) is list:
                self._descend(key, kind, child, above)
            elif above is not Place.SCORES or isinstance(child, str):
                if among_headers is None and kind in _HEADER_KINDS:
                    among_headers = _is_among_headers(item)
                self._judge_member(item, key, kind, above, bool(among_headers))
        if self._names:
            self._read_labels(item)
            self._read_table(item)

    def _descend(self, key: str, kind: Kind | None, child: Container, above: Above | None) -> None:
        if above is Place.SCORES or role(key, SCORE_NAMES):
            self._within[id(child)] = Place.SCORES
        elif role(key, FIELD_NAMES):
            self._within[id(child)] = Place.FIELDS
        elif above is Place.FIELDS and (type(child) is dict or key == "required"):
            if kind is not None and type(child) is dict:
                self._within[id(child)] = Described(kind)
        elif type(above) is Described:
            if key in SAMPLES:
                self._within[id(child)] = above
        elif kind is not None and kind not in (Kind.WEAK, Kind.SESSION):
            self._within[id(child)] = Within(kind, _is_strict(key, kind, child))
        elif type(above) is Within and not role(key, OPEN_MEMBERS):
            self._within[id(child)] = above

    def _judge_member(
        self,
        item: dict[str, Json],
        key: str,
        kind: Kind | None,
        above: Above | None,
        among_headers: bool,
    ) -> None:
        strict = False
        if type(above) is Within and kind in (None, Kind.WEAK) and not role(key, OPEN_MEMBERS):
            kind, strict = above
        elif type(above) is Described and kind is None and key in SAMPLES:
            kind = above.kind if _may_be_secret(item[key]) else Kind.WEAK
        if kind is None or (kind is Kind.CODE and _is_postal(key, item)):
            return
        if kind in _HEADER_KINDS and not strict:
            strict = among_headers or key.lower().startswith(("proxy-", "x-", "set-"))
        self._judge(item, key, kind, item[key], strict)

    def _judge(
        self, item: Container, key: str | int, kind: Kind, child: Json, strict: bool
    ) -> None:
        new = hidden(kind, child, strict=strict)
        if new is not None:
            self.found.replace(item, key, new)

    def _read_labels(self, item: dict[str, Json]) -> None:
        """Judge `value` by what `name` says: {"name": "password", "value": …}."""
        labels = [key for key in item if isinstance(item[key], str) and is_label(key)]
        labels += [key for key in ("type", "kind") if str(item.get(key)) in SECRET_TYPES]
        contents = [key for key in item if is_content(key)][:MOST_ROLES]
        for label in labels[:MOST_ROLES]:
            name = item[label]
            kind = name_kind(name) if len(name) <= _LONGEST_LABEL else None
            if kind is None:
                continue
            strict = "header" in label.lower() or "-" in name or kind is Kind.AUTHORIZATION
            for key in item:
                if key in SAMPLES and _may_be_secret(item[key]):
                    self._judge(item, key, kind, item[key], strict)
            for key in contents:
                child = item[key]
                if key == label:
                    continue
                if type(child) is dict or type(child) is list:
                    self._descend(name, kind, child, None)
                else:
                    self._judge(item, key, kind, child, strict)

    def _read_table(self, item: dict[str, Json]) -> None:
        """Judge the cells of {"columns": […], "rows": [[…], …]}."""
        lists = [key for key in item if type(item[key]) is list]
        headers = [key for key in lists if role(key, HEADER_ROWS)][:MOST_ROLES]
        rows = [key for key in lists if role(key, ROWS)][:MOST_ROLES]
        for key in headers if rows else ():
            kinds = _column_kinds(item[key])
            for other in rows if kinds else ():
                if other != key:
                    self._judge_rows(item[other], kinds, len(item[key]))

    def _read_list(self, item: list[Json], above: Above | None) -> None:
        if type(above) is Within:
            self._read_credentials(item, above)
        elif type(above) is Described:
            for index, child in enumerate(item):
                if _may_be_secret(child):
                    self._judge(item, index, above.kind, child, False)
        if not self._names:
            return
        if len(item) == 2 and isinstance(item[0], str) and isinstance(item[1], str):
            self._read_pair(item)
        first = item[0] if item else None
        if type(first) is list and len(item) > 1 and (kinds := _column_kinds(first)):
            self._judge_rows(item[1:], kinds, len(first))
        if above is None:
            self._read_arguments(item)
            self._read_key_lines(item)

    def _read_credentials(self, item: list[Json], above: Within) -> None:
        is_phrase = above.kind is Kind.PHRASE and len(item) >= _FEWEST_WORDS
        for index, child in enumerate(item):
            if type(child) is dict or type(child) is list:
                self._within[id(child)] = above
            elif is_phrase and isinstance(child, str) and child.isalpha():
                self.found.replace(item, index, REDACTED)
            else:
                self._judge(item, index, above.kind, child, above.strict)

    def _read_pair(self, item: list[Json]) -> None:
        name, value = item
        kind = name_kind(name) if len(name) <= _LONGEST_LABEL else None
        # Two names of fields are a list of names, as in `"required": ["password", "email"]`.
        is_field = value.isalpha() and value.islower() and len(value) < _LONGEST_FIELD
        if value.replace("_", "").replace("-", "").isalpha():
            is_field = is_field or name_kind(value) is not None
        if kind is not None and not is_field:
            self._judge(item, 1, kind, value, "-" in name or kind is Kind.AUTHORIZATION)

    def _read_arguments(self, item: list[Json]) -> None:
        """Judge what follows an option or a header in a flat list: ["--password", "…"]."""
        for index, name in enumerate(item[:-1]):
            value = item[index + 1]
            if (
                not isinstance(name, str)
                or not isinstance(value, str)
                or len(name) > _LONGEST_LABEL
            ):
                continue
            # A line of dashes begins or ends a private key.
            is_option = name.startswith("-") and not name.startswith("---")
            is_option = is_option and not value.startswith("-")
            is_header = "-" in name[1:] and index % 2 == 0 and len(item) > 2 and len(item) % 2 == 0
            if (
                not is_option
                and not is_header
                and not (index % 2 == 0 and _is_header_name(name, item))
            ):
                continue
            kind = name_kind(name)
            if kind is not None and kind is not Kind.WEAK:
                self._judge(item, index + 1, kind, value, True)

    def _read_key_lines(self, item: list[Json]) -> None:
        """Hide the lines of a private key that are items of a list."""
        inside = False
        for index, child in enumerate(item):
            owner: Container = item
            key: str | int = index
            if type(child) is dict:
                key = next((name for name in LINES if isinstance(child.get(name), str)), "")
                if not key:
                    continue
                owner, child = child, child[key]
            if not isinstance(child, str):
                continue
            if "BEGIN " in child and "PRIVATE KEY" in child and "END " not in child:
                inside = True
            if inside:
                self.found.replace(owner, key, REDACTED)
            if inside and "END " in child and "PRIVATE KEY" in child:
                inside = False

    def _judge_rows(self, rows: list[Json], kinds: dict[int, Kind], width: int) -> None:
        for row in rows:
            if type(row) is dict:
                row = next((row[key] for key in row if key in CELLS), None)
            if type(row) is list and len(row) == width:
                for index, kind in kinds.items():
                    if not isinstance(row[index], dict | list):
                        self._judge(row, index, kind, row[index], False)


def hidden(kind: Kind, value: Json, *, strict: bool = False) -> Json | None:
    """Return what a value under a credential's name becomes, None where it stays."""
    if isinstance(value, str):
        text = clean_text(value)
        spans = secret_spans(kind, text, strict=strict)
        if not spans:
            return None
        if spans == [(text.index(text.strip()), len(text.rstrip()))]:
            return REDACTED
        parts = []
        done = 0
        for start, end in spans:
            if start >= done:
                parts += [text[done:start], REDACTED]
                done = end
        return "".join([*parts, text[done:]])
    # A fraction is a likelihood, and true says that there is one.
    if type(value) is not int:
        return None
    if kind in (Kind.PASSWORD, Kind.KEY, Kind.TOKEN):
        least = _LEAST_NUMBER
    elif kind is Kind.CODE:
        least = _LEAST_PIN
    else:
        least = _LEAST_SESSION if kind is Kind.SESSION else 0
    return REDACTED if least and abs(value) >= least else None


def _is_strict(key: str, kind: Kind, child: Container) -> bool:
    if kind is Kind.CREDENTIALS:
        return type(child) is dict
    name = plain_name(key)
    return kind is not Kind.AUTHORIZATION or "authori" not in name


def _may_be_secret(value: Json) -> bool:
    return isinstance(value, str) and is_drawn(value)


def _is_postal(key: str, item: dict[str, Json]) -> bool:
    """Return whether a PIN is part of an address: Indian postal codes are called so."""
    return "pin" in key.lower() and any(plain_name(other) in ADDRESSES for other in item)


def _is_schema(item: dict[str, Json]) -> bool:
    if any(is_content(key) and not isinstance(item[key], dict) for key in item):
        return False
    if not SCHEMA_MARKS.isdisjoint(item):
        return True
    kinds = item.get("type")
    named = kinds if type(kinds) is list else [kinds]
    return bool(named) and all(isinstance(kind, str) and kind in SCHEMA_TYPES for kind in named)


def _is_among_headers(item: dict[str, Json]) -> bool:
    """Return whether an object holds the headers of a request."""
    return any(plain_name(key) in _HTTP_HEADERS for key in item)


def _is_header_name(name: str, item: list[Json]) -> bool:
    return len(item) > 2 and len(item) % 2 == 0 and "Content-Type" in item and name.istitle()


def _is_title(cell: str) -> bool:
    """Return whether a cell may head a column: words without digits, as names of fields are."""
    bare = cell.replace("_", "").replace("-", "").replace(" ", "").replace(".", "")
    return len(cell) <= _LONGEST_LABEL and (bare.isalpha() or not bare)


def _column_kinds(header: list[Json]) -> dict[int, Kind]:
    kinds: dict[int, Kind] = {}
    for index, cell in enumerate(header):
        if type(cell) is dict:
            cell = next((cell[key] for key in cell if role(key, LABELS)), None)
        if not isinstance(cell, str) or not _is_title(cell):
            return {}
        kind = name_kind(cell)
        if kind is not None and kind is not Kind.WEAK:
            kinds[index] = kind
    return kinds if len(header) > 1 else {}


def naming(texts: Iterable[str]) -> Iterator[str]:
    """Yield those of the texts that are the name of a credential or begin a private key."""
    for text in texts:
        if len(text) > _LONGEST_LABEL:
            continue
        cleaned = clean_text(text)
        if ("PRIVATE KEY" in cleaned and "BEGIN" in cleaned) or (
            kind_of(cleaned.lstrip("-")) is not None
        ):
            yield text
