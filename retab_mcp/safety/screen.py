r"""Tell in one pass where a text may hold something to redact.

Every rule has its beginning here: outside of what `suspects` finds no rule finds anything. The
pattern reads UTF-8 and knows the escapes of JSON and of URLs, so that it also serves for a body
that is not decoded yet.
"""

import re2  # type: ignore[import-untyped]

from retab_mcp.safety.commands import CODE_AFTER, CODE_BEFORE, CODE_YOURS, OPTION, OPTION_PAIR
from retab_mcp.safety.encoded import ENCODED_WORDS
from retab_mcp.safety.foreign import ACCENTED_NAMES, FOREIGN_NAMES
from retab_mcp.safety.forms import key_spans
from retab_mcp.safety.stems import SHORT_STEMS, STEMS
from retab_mcp.safety.values import Span

PATTERN_BYTES = 64 * 1024 * 1024  # for the states of the pattern, which are made as they are met

# A name, and after it what may separate it from a value: without it a word is only a word.
_SHORT = "|".join(rf"(?:\b|_){stem}(?:\b|_|[0-9])" for stem in SHORT_STEMS)
_NAME = rf"(?:{'|'.join(STEMS)}|{_SHORT})[\w\-]{{0,64}}[\\\"'`*\]]{{0,16}}"
_AFTER_NAME = (
    r"(?:\s{0,99}[:=<>|,;&%\\\n(]|\s{0,99}->|\s{0,9}\.{3}|[ ]{2}|\t|[ ]{1,9}[^\s]{1,24}[ :]"
    r"|[ ]{1,9}[^\s]{0,40}[0-9]|[ ]{1,9}[\"'`\\(]"
    r"|[ ]{1,9}(?:provided|given|supplied|entered|received|specified|parameter|lautet"
    r"|lauten|for|fur|f\x{fc}r|pour|para|voor|von)"
    r"|[^\x00-\x7f]|END)"
)
_SCHEMES = (
    r"\b(?:bearer|basic|digest|hawk|oauth|token|apikey|ssws|geniekey)"
    r"[ :+=\t]{1,9}[\"']?[\w\-.~+/]{4}"
)
_FORMS = (
    r"ey[JA][\w\-]{7}|[78]Q~|\b[0-9]{8,10}:AA|[\w\-]\.[\w\-]{5,7}\.[\w\-]{25}|SG\.[\w\-]{16}"
    r"|[0-9a-f]{32}-(?:us[0-9]|[0-9a-f]{8}-)|/[0-9]{10,17}:[0-9a-f]{32}|\bA{9}"
    r"|\bpat[A-Za-z0-9]{14}\.|\b00D[A-Za-z0-9]{12,15}!|PRIVATE KEY|Private-Lines"
)
_PLACES = (
    r"hooks\.slack\.com|discord(?:app)?\.com/api|office\.com/|hooks\.zapier|make\.com/|api\.telegram\.org"
    r"|(?://|%2F%2F|\\/\\/)[^\s\"'<>`]*(?:@|%(?:25)*40|u0040|&#64)|:[^\s:@/\"'<>`,;]{6,100}@[a-z0-9]"
    r"|(?:signature|ticket|credential|sig|code|key|auth)(?:=|%(?:25)*3D|\\+u003d|&#61)"
)
_CARDS = r"[0-9]{14}|[0-9]{4}[ \-][0-9]{4}[ \-][0-9]{4}|3[0-9]{3}[ \-][0-9]{6}[ \-]"
# A letter behind an escape, and letters of another alphabet next to Latin ones, may spell a name.
_ESCAPED_LETTER = (
    r"\\+(?:u00[4-7]|x[4-7]|u\{)|%(?:25)*[46][1-9a-f]|%(?:25)*[57][0-9a]|&#(?:x[4-7]|[0-9]{2,3};)"
)
_LOOKALIKE = r"[a-z][\p{Cyrillic}\p{Greek}\p{Armenian}]|[\p{Cyrillic}\p{Greek}\p{Armenian}][a-z]"
_OTHER_LETTERS = (
    r"[\x{ff21}-\x{ff5a}\x{1d400}-\x{1d7ff}]"
    r"|[\x{0430}-\x{045f}]{2}[\x{0455}\x{0501}\x{051b}\x{051d}]"
)
_ESCAPED_LOOKALIKE = r"\\u(?:03[7-9a-f]|04|05|ff|d835)"


FORMS = "|".join((_FORMS, _CARDS, *(re2.escape(word.decode()) for word in ENCODED_WORDS)))


def surroundings(end: str) -> str:
    """Return the pattern of what is suspicious by what is around it, in any case.

    `end` is the pattern of the end of a text.
    """
    foreign = map(re2.escape, (*FOREIGN_NAMES, *ACCENTED_NAMES))
    commands = (OPTION_PAIR, OPTION, CODE_BEFORE, CODE_AFTER, CODE_YOURS)
    return "|".join(
        (
            *(_NAME + _AFTER_NAME.replace("END", end), _SCHEMES, _PLACES, *foreign),
            *(_ESCAPED_LETTER, _LOOKALIKE, _OTHER_LETTERS, _ESCAPED_LOOKALIKE),
            *(part.decode().removeprefix("(?i)") for part in commands),
        )
    )


def _options(*, case_sensitive: bool) -> re2.Options:
    options = re2.Options()
    options.case_sensitive = case_sensitive
    options.max_mem = PATTERN_BYTES
    options.never_capture = True
    return options


# Two patterns: as one they would read backwards from each number to the start of its line.
_SUSPICIOUS = (
    re2.compile(FORMS.encode(), _options(case_sensitive=True)),
    re2.compile(surroundings(r"\z").encode(), _options(case_sensitive=False)),
)


def suspects(data: bytes) -> list[Span]:
    """Return spans of a text in UTF-8 outside of which nothing is a credential, in no order."""
    found = list(key_spans(data))
    for pattern in _SUSPICIOUS:
        found += [match.span() for match in pattern.finditer(data)]
    return found


def is_suspicious(data: bytes) -> bool:
    """Return whether a text in UTF-8, or a body of JSON, may hold a credential."""
    return any(pattern.search(data) for pattern in _SUSPICIOUS) or any(key_spans(data))
