"""Fold messages: those that report the same failure about other documents become equal.

What varies from case to case becomes a placeholder: ids, numbers, quoted values, paths of URLs,
e-mail addresses. What is the error itself stays: status and error codes, called hosts, names that
are not quoted. Quoted values are kept next to the folded message, since a quoted name can be the
error as well (`KeyError: 'vendor_id'`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

# Maximum characters of a quoted value; an unclosed quote must not swallow a message.
_QUOTED = 300
_EMAIL = r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,8}"
_UUID = r"\b[0-9a-fA-F]{8}-[0-9a-fA-F-]{23,27}\b"
_PREFIXED_ID = r"\b[A-Za-z]{2,16}_(?=[A-Za-z0-9_-]{0,64}\d)[A-Za-z0-9_-]{6,}"
_HEX_ID = r"\b(?=[0-9a-f]{0,64}\d)(?=[0-9a-f]{0,64}[a-f])[0-9a-f]{8,}\b"
# Numbers of requests and traces, which can have letters only.
_REQUEST_ID = (
    r"(?<=id )[\"']?(?=\w*[A-Z0-9])[\w-]{8,}[\"']?|"
    r"\b(?i:request|trace|correlation|transaction)[ _-]?(?i:id|number|no\.?|nr\.?)"
    r"[\"']?[ :=#]{0,3}[\"']?[\w-]+[\"']?"
)
# A code that says which error it is: after the word for it, before its reason phrase, or in the
# form of a well-known system.
_CODE = (
    r"[\"']?\b(?i:http(?:/\d(?:\.\d)?)?|(?:http[ _-]?)?status(?:[ _-]?code)?|"
    r"(?:error|err|exit|return|response)[ _-]?(?:code|no|number)|errno|winerror|code|error|"
    r"sqlstate|returned|responded(?: with)?|answered(?: with)?|received)\b[\"']?"
    r"[ :=#(\[]{1,4}[\"']?[A-Z0-9]{0,5}\d{2,5}\b[\"')\]]{0,2}(?![.,:_-]?\w)|"
    r"\b[45]\d\d(?= [A-Z][a-z]+)|"
    r"\b(?:ORA|TNS|PLS|SQL|MSB|AADSTS|DPY|JET)-?\d{3,7}\b|\b0x[0-9A-Fa-f]{8}\b|\bE\d{5}\b"
)
_HOST = r"[\"'<(]?https?://[^\s/'\"<>)?#]+"
_ADDRESS = r"\b\d{1,3}(?:\.\d{1,3}){3}\b"

_TOKENS = re.compile(
    "|".join(
        f"(?P<{name}>{pattern})"
        for name, pattern in (
            ("request", _REQUEST_ID),
            ("code", _CODE),
            ("url", _HOST + r"(?:[/?#][^\s'\"<>)]*)?[\"'>)]?"),
            ("email", rf"[\"'<]?{_EMAIL}[\"'>]?"),
            (
                "quoted",
                rf"\"[^\"\n]{{0,{_QUOTED}}}\"|`[^`\n]{{0,{_QUOTED}}}`|“[^”\n]{{0,{_QUOTED}}}”|"
                rf"„[^“”\n]{{0,{_QUOTED}}}[“”]|«[^»\n]{{0,{_QUOTED}}}»|‘[^’\n]{{0,{_QUOTED}}}’|"
                rf"(?<!\w)'[^'\n]{{0,{_QUOTED}}}'(?!\w)",
            ),
            ("id", f"{_UUID}|{_PREFIXED_ID}|{_HEX_ID}"),
            ("address", _ADDRESS),
            ("number", r"\d+(?:[.,:]\d+)*"),
            ("blank", r"\s+"),
        )
    )
)
_PLACEHOLDERS = {
    "request": "<id>",
    "email": "<email>",
    "quoted": "<value>",
    "id": "<id>",
    "number": "<n>",
    "blank": " ",
}
_WHOLE_HOST = re.compile(_HOST)
# Quoted text that only identifies a case: ids, numbers, dates, amounts, e-mail addresses.
_IDENTIFIES = re.compile(
    rf"{_UUID}|{_PREFIXED_ID}|{_HEX_ID}|{_EMAIL}|[\d\W]*|[\w./#-]*\d{{3,}}[\w./#-]*"
)


@dataclass(frozen=True, slots=True)
class FoldedMessage:
    """A message without what varies from case to case, and the quoted values it had in order."""

    text: str
    quoted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DistinctValue:
    """A quoted value that some messages of a group have: how many, and since when."""

    value: str
    count: int
    first_seen: datetime | None = None


def folded(message: str) -> FoldedMessage:
    """Return `message` with a placeholder for each part that varies from case to case.

    Paths of URLs become `<path>`, quoted values `<value>`, ids and hashes `<id>`, e-mail addresses
    `<email>`, numbers `<n>`, runs of white space one space. Messages of the same text report the
    same failure, though perhaps about different fields: those are in `quoted`.
    """
    quoted: list[str] = []

    def placeholder(match: re.Match[str]) -> str:
        kind, text = match.lastgroup or "", match.group()
        if kind == "url":
            host = _WHOLE_HOST.match(text)
            whole = host.group().lower() if host else text
            return whole if host is None or host.end() == len(text) else f"{whole}<path>"
        if kind == "quoted":
            quoted.append(text)
        return _PLACEHOLDERS.get(kind, text)

    return FoldedMessage(_TOKENS.sub(placeholder, message).strip(), tuple(quoted))


def fold_message(message: str) -> str:
    """Return the text of the folded `message`."""
    return folded(message).text


def distinct_values(
    messages: Iterable[tuple[str, datetime | None]],
) -> list[DistinctValue]:
    """Return the quoted values by which messages of one folded text differ, most frequent first.

    `messages` have the time of their failure. Empty where they all agree. Values that only identify
    a case, such as ids, numbers and e-mail addresses, are left out.
    """
    rows = [(folded(message).quoted, at) for message, at in messages]
    varying = _varying([quoted for quoted, _ in rows])
    counts: Counter[str] = Counter()
    since: dict[str, datetime] = {}
    for quoted, at in rows:
        value = ", ".join(quoted[position] for position in varying)
        counts[value] += 1
        if at is not None:
            since[value] = min(at, since.get(value, at))
    if len(counts) < 2:
        return []
    ranked = sorted(counts, key=lambda value: (-counts[value], value))
    return [DistinctValue(value, counts[value], since.get(value)) for value in ranked]


def _varying(rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the positions of values that differ between rows and are no mere identifiers."""
    width = min(map(len, rows), default=0)
    columns = [{row[position] for row in rows} for position in range(width)]
    return [
        position
        for position, values in enumerate(columns)
        if len(values) > 1 and not all(_IDENTIFIES.fullmatch(value[1:-1]) for value in values)
    ]
