"""Read which field, and which row, a refusal complains about."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from retab_mcp.models import Json

# Limits of what is read of one response.
MAX_DEPTH = 8
MAX_NODES = 400
MAX_TEXT = 4_000

_TEXT_KEYS = (
    "message",
    "msg",
    "error",
    "detail",
    "details",
    "reason",
    "description",
    "title",
    "text",
)
_PATH_KEYS = (
    *("field", "path", "pointer", "property", "param", "parameter", "attribute", "column"),
    *("instancepath", "datapath", "jsonpath", "fieldname", "location", "target", "key", "source"),
)
_ROW_KEYS = ("row", "line", "index", "item", "position", "record", "rownumber", "linenumber")
# Keys whose value maps fields to what is wrong with each.
_BY_FIELD = re.compile(r"errors?|fields?|invalid|validation|violations|details?|issues", re.I)
_PATH = re.compile(r"(?<![\w/:@.])[$#]?(?:[./](?=\w))?\w[\w-]*(?:\[\d+\]|[./][A-Za-z_\d][\w-]*)+")
_PART = re.compile(r"\[(\d+)\]|[^./\[\]$#]+")
_ROW_WORDS = (
    r"lines?|rows?|items?|records?|entr(?:y|ies)|elements?|index|positions?|pos|no|nr|#"
    r"|zeile|posten|eintrag|datensatz|ligne|rang|élément|enregistrement|línea|linea|fila|renglón"
    r"|registro|elemento|riga|voce|linha|posição"
)
# Names of one plain word, which a text can use as a word: they count next to these only.
_BEFORE_NAME = (
    r"(?:field|column|property|parameter|attribute|key|feld|spalte|champ|campo|colonne)\W+"
)
_AFTER_NAME = (
    r"\W+(?:must|should|is|was|has|cannot|can't|may not|not|missing|required|invalid|exceeds"
    r"|muss|ist|fehlt|doit|est|debe|deve|manque)\b"
)
_MISSING_NAME = re.compile(
    r"(?<![\w.\-])(?P<quote>['\"`]?)"
    r"(?P<name>(?!(?:missing|required|mandatory|field|is|are|was)\b)[A-Za-z_][\w.\-]*)(?P=quote)\s+"
    r"(?:field\s+)?(?:is |was |are )?(?:a )?"
    r"(?:missing|required|mandatory|not (?:set|given|provided|present)|fehlt|manquant|falta)\b"
    r"|(?:missing|required|fehlendes|manque|falta)\W+(?:required\W+)?"
    r"(?:(?:field|property|parameter|value|key|feld|champ|campo|header)\W+['\"`]?|['\"`])"
    r"(?P<after>[A-Za-z_][\w.\-]*)",
    re.IGNORECASE,
)
# One text can hold several complaints; an indented line belongs to the one before it.
_SEPARATOR = re.compile(r"\n(?=\S)|;\s+|\.\s+(?=[A-Z])")
# pydantic names the field in a line of its own.
_OWN_LINE = re.compile(r"^(?P<path>[A-Za-z_][\w.\[\]]*)\n\s+\S")


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a refusal names: a `path` of keys and indexes, or a `name` in a `row`, and its words.

    `from_zero` is true if the path's notation counts from 0 by convention. `row_word` is the word
    before the row's number. `lacking` is a name that the text calls missing.
    """

    text: str
    path: tuple[str | int, ...] = ()
    from_zero: bool = False
    name: str | None = None
    row: int | None = None
    row_word: str = ""
    lacking: str | None = None


def complaints_in(
    responses: list[Json], names: Mapping[str, str], arrays: list[str], *, of_request: bool
) -> list[Complaint]:
    """Return the complaints in responses and messages, those with a path first.

    `names` maps normal forms (`normal_name`) of the names that were sent to the names, `arrays`
    are the names of arrays among them. With `of_request` the responses are about a request, so
    that a plain word can be the name of a field.
    """
    reader = _Reader(names, arrays, of_request=of_request)
    found = [each for response in responses for each in reader.read(response, 0)]
    return sorted(dict.fromkeys(found), key=lambda each: (not each.path, each.name is None))


@lru_cache(maxsize=4_096)
def normal_name(name: str) -> str:
    """Return a name in lower case with a space between its words: `netMassKg` as `net mass kg`."""
    spaced = re.sub(r"(?<=[a-z\d])(?=[A-Z])", " ", name)
    return " ".join(re.findall(r"\w+", spaced.replace("_", " ").lower()))


def path_tokens_of(path: str) -> tuple[str | int, ...]:
    """Split `$.a[0].b`, `/a/0/b`, `a.0.b` into keys and indexes."""
    parts = []
    for part in _PART.finditer(path):
        index = part[1] or part[0]
        parts.append(int(index) if index.isdecimal() and len(index) < 8 else part[0])
    return tuple(parts)


class _Reader:
    """Reads complaints in responses, up to MAX_NODES values."""

    def __init__(self, names: Mapping[str, str], arrays: list[str], *, of_request: bool) -> None:
        self._of_request = of_request
        self._names = dict(sorted(names.items(), key=lambda pair: -len(pair[0]))[:2_000])
        self._arrays = {normal_name(name) for name in arrays}
        singular = {_singular(word) for name in arrays if (word := normal_name(name))}
        own = "".join(f"|{re.escape(word)}s?" for word in sorted(singular) if word)
        words = rf"(?P<word>{_ROW_WORDS}{own})"
        self._row = re.compile(
            rf"(?<![^\W\d_]){words}\s*(?:#|no\.?|nr\.?|number|:|=)?\s*(?P<number>\d{{1,6}})(?![\w.]\d)"
            rf"|(?P<ordinal>\d{{1,6}})(?:st|nd|rd|th|\.|e|º|ª)\s+{words.replace('word', 'after')}",
            re.IGNORECASE,
        )
        self._left = MAX_NODES

    def read(self, value: Json, depth: int) -> Iterator[Complaint]:
        """Yield the complaints in a response of any form."""
        self._left -= 1
        if depth > MAX_DEPTH or self._left < 0:
            return
        if isinstance(value, str):
            yield from self._in_text(value[:MAX_TEXT])
        elif isinstance(value, list):
            for item in value:
                yield from self.read(item, depth + 1)
        elif isinstance(value, dict):
            yield from self._in_object(value)
            for key, item in value.items():
                if isinstance(item, dict | list):
                    yield from self._by_field(key, item)
                    yield from self.read(item, depth + 1)

    def _in_object(self, value: dict[str, Json]) -> Iterator[Complaint]:
        plain = {re.sub(r"[_\-]", "", key.lower()): item for key, item in value.items()}
        texts = [text for key in _TEXT_KEYS if isinstance(text := plain.get(key), str)]
        text = " ".join(texts)
        row = next((plain[key] for key in _ROW_KEYS if type(plain.get(key)) is int), None)
        loc = plain.get("loc")
        if isinstance(loc, list):
            path = tuple(part for part in loc if isinstance(part, str) or type(part) is int)
            yield Complaint(text, path, from_zero=True)
            return
        for key in _PATH_KEYS:
            named = plain.get(key)
            if isinstance(named, str) and named:
                tokens = path_tokens_of(named)
                if isinstance(row, int) and len(tokens) == 1:
                    yield Complaint(text, name=str(tokens[0]), row=row)
                elif tokens:
                    yield Complaint(text, tokens, from_zero=named.startswith(("/", "#", "$")))
                return
        for each in texts:
            yield from self._in_text(each, row if isinstance(row, int) else None)

    def _by_field(self, key: str, value: Json) -> Iterator[Complaint]:
        """Yield complaints of a map such as {"lines.0.vat": ["must be a number"]}."""
        if not isinstance(value, dict) or not _BY_FIELD.fullmatch(key):
            return
        for field, said in value.items():
            texts = [said] if isinstance(said, str) else said if isinstance(said, list) else []
            text = " ".join(each for each in texts if isinstance(each, str))
            if text and field.lower() not in (*_TEXT_KEYS, "code", "type", *_PATH_KEYS):
                yield Complaint(text, path_tokens_of(field))

    def _in_text(self, text: str, row: int | None = None) -> Iterator[Complaint]:
        for part in _SEPARATOR.split(text):
            yield from self._in_sentence(part, row)

    def _in_sentence(self, text: str, row: int | None) -> Iterator[Complaint]:
        if line := _OWN_LINE.match(text):
            yield Complaint(text, path_tokens_of(line["path"]), from_zero=True)
            return
        found = self._row.search(text)
        word = ""
        if found and row is None:
            row = int(found["number"] or found["ordinal"])
            word = (found["word"] or found["after"]).lower()
        dotted = None
        for path in _PATH.findall(text):
            tokens = path_tokens_of(path)
            if row is not None and not any(isinstance(token, int) for token in tokens):
                dotted = dotted or path
            elif len(tokens) > 1:
                yield Complaint(text, tokens, from_zero=path.startswith(("/", "#", "$")))
        if dotted is not None:
            yield Complaint(text, name=dotted, row=row, row_word=word)
        lacking = _MISSING_NAME.search(text)
        name = self._name_in(text, row is not None)
        missing = (lacking["name"] or lacking["after"]) if lacking else None
        if lacking and not (self._of_request or lacking["quote"] or lacking["after"]):
            missing = None
        if name or missing:
            yield Complaint(text, name=name, row=row, row_word=word, lacking=missing)

    def _name_in(self, text: str, has_row: bool) -> str | None:
        """Return the first of the sent names that the text contains, longer ones first."""
        plain = normal_name(text)
        for normal, name in self._names.items():
            if has_row and normal in self._arrays:
                continue
            if not re.search(rf"(?<!\w){re.escape(normal)}(?!\w)", plain):
                continue
            if has_row or " " in normal or self._is_meant(name, text):
                return name
        return None

    def _is_meant(self, name: str, text: str) -> bool:
        escaped = re.escape(name)
        pattern = rf"['\"`]{escaped}['\"`]|{_BEFORE_NAME}{escaped}\b"
        if self._of_request:
            pattern += rf"|\b{escaped}{_AFTER_NAME}"
        return re.search(pattern, text, re.IGNORECASE) is not None


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") else word
