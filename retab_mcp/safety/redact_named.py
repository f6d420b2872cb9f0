"""Credentials that are known by the name before them, as in `password=…` or `Cookie: …`."""

import re

from retab_mcp.safety.redact_forms import REDACTED
from retab_mcp.safety.redact_keys import is_secret_key

_LONGEST_NAME = 64  # characters read back to find where a name begins
_LONGEST_QUOTED = 4096  # a longer value in quotes is redacted up to its first blank
_FEWEST_CHARACTERS = 4  # of a value without quotes: "unexpected token: }" tells about a parser

# Parts of the words that make a name secret; is_secret_key then judges the whole name.
_STEMS = (
    "auth",
    "passw",
    "passp",
    "passc",
    "pwd",
    "secret",
    "token",
    "cookie",
    "credential",
    "key",
)
_TAIL = r"[\w\-]{0,40}(?P<close>\\{0,4}[\"']?)\s{0,3}(?:=>|[:=]|%3d)\s{0,3}"
# One pattern for each stem: a search for a fixed beginning is many times faster than for several.
_NAMED = tuple(re.compile(stem + _TAIL) for stem in _STEMS)

_NAME_BEFORE = re.compile(
    r"(?:\b(?:api|private|access|secret|account|encryption) )?[\w.\-]*\Z", re.IGNORECASE
)
_NO_VALUE = re.compile(r"(?:null|none|nil|true|false|undefined)\b", re.IGNORECASE)
_QUOTED_VALUE = re.compile(
    rf"(?P<quote>\\{{0,4}}[\"'`])(?P<value>.{{1,{_LONGEST_QUOTED}}}?)(?P=quote)", re.DOTALL
)
_PLAIN_VALUE = re.compile(
    r"\\{0,4}[\"'`]?(?P<value>[^\s\"'`<>&;,{}\[\](\\](?:[^\s\"'`<>&;,]|,(?=[^\s\"'`]))*)"
)
_LINE_VALUE = re.compile(r"(?P<value>[^\s\"'\[{][^\r\n\"']*)")
_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9\-]{2,30}) +(?=\S)")
_LINE_NAMES = ("cookie", "set-cookie")


def lowered(text: str) -> str:
    """Return the text in lower case, every character at its place."""
    # This one alone would become two characters.
    return text.replace("İ", "I").lower()


def named_spans(lower: str) -> list[tuple[int, int]]:
    """Return the spans of names that may be secret, up to where their values begin, in order.

    Takes the text in lower case.
    """
    spans = [match.span() for pattern in _NAMED for match in pattern.finditer(lower)]
    return sorted(spans)


def redact_named(text: str, lower: str) -> tuple[str, int]:
    """Redact what follows a secret name and `=` or `:`; return the text and how many went."""
    parts: list[str] = []
    done = 0
    for start, end in named_spans(lower):
        if start < done:
            continue
        value = _value_after(text, start, end)
        if value is not None:
            parts += [text[done : value[0]], REDACTED]
            done = value[1]
    parts.append(text[done:])
    return "".join(parts), len(parts) // 2


def _value_after(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return start and end of the secret that a name announces, None where it announces none."""
    name = _name_at(text, start, end)
    if not is_secret_key(name) or _NO_VALUE.match(text, end) or text.startswith(REDACTED, end):
        return None
    if quoted := _QUOTED_VALUE.match(text, end):
        return None if _is_harmless(quoted["value"]) else quoted.span("value")
    if name.lower() in _LINE_NAMES:
        line = _LINE_VALUE.match(text, end)
        return line.span("value") if line else None
    if "auth" in name.lower() and (scheme := _SCHEME.match(text, end)):
        line = _LINE_VALUE.match(text, scheme.end())
        # "Authorization: pending approval" is prose.
        drawn_by_lot = line is not None and any(mark in line["value"] for mark in "=0123456789")
        return line.span("value") if line and drawn_by_lot else None
    plain = _PLAIN_VALUE.match(text, end)
    if plain is None or len(plain["value"]) < _FEWEST_CHARACTERS:
        return None
    return plain.span("value")


def _name_at(text: str, start: int, end: int) -> str:
    before = _NAME_BEFORE.search(text, max(0, start - _LONGEST_NAME), start)
    whole = text[before.start() if before else start : end]
    return re.split(r"[\\\"']|\s*(?:=>|[:=]|%3[dD])", whole, maxsplit=1)[0]


def _is_harmless(value: str) -> bool:
    return REDACTED in value or _NO_VALUE.fullmatch(value) is not None or not value.strip()
