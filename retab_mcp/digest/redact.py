"""Takes credentials out of a text: by their form, and by the name that stands before them."""

import base64
import binascii
import re
from collections.abc import Callable
from typing import NamedTuple

from retab_mcp.digest.redact_keys import is_secret_key

__all__ = ["REDACTED", "is_secret_key", "redact_text", "suspects"]

REDACTED = "[redacted]"

_LONGEST_NAME = 64  # characters read back from `=` to find where a name begins
_LONGEST_QUOTED = 4096  # a longer value in quotes is redacted up to its first space

Replace = Callable[[re.Match[str]], str]


class _Rule(NamedTuple):
    """One form of a credential; where none of the needles stands in the text it cannot match."""

    needles: tuple[str, ...]  # lower case, searched for in the lowered text
    pattern: re.Pattern[str]
    replace: Replace


def _whole(match: re.Match[str]) -> str:
    return REDACTED


def _middle(match: re.Match[str]) -> str:
    return f"{match[1]}{REDACTED}{match[3]}"


def _basic(match: re.Match[str]) -> str:
    """Redact what decodes to `user:password`; "basic information" is prose."""
    try:
        decoded = base64.b64decode(match[2] + "=" * (-len(match[2]) % 4), validate=True)
    except (binascii.Error, ValueError):
        return match[0]
    return f"{match[1]}{REDACTED}" if b":" in decoded else match[0]


def _bearer(match: re.Match[str]) -> str:
    """Redact what looks drawn by lot; "bearer certificates" is prose."""
    token = match[2]
    prose = token.rstrip(".").isalpha() and (token[1:].islower() or token.isupper())
    return match[0] if prose and len(token) < 20 else f"{match[1]}{REDACTED}"


_BEFORE = r"(?<![A-Za-z0-9])"
_RULES = (
    _Rule(
        ("private key",),
        re.compile(
            r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----.*?"
            r"(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|\Z)",
            re.DOTALL,
        ),
        _whole,
    ),
    _Rule(
        ("bearer",),
        re.compile(r"(\b[Bb](?:earer|EARER)[ \t:]+)([A-Za-z0-9._~+/\-]{8,}={0,2})"),
        _bearer,
    ),
    _Rule(
        ("basic ",),
        re.compile(r"(\b[Bb](?:asic|ASIC) +)([A-Za-z0-9+/]{4,}={0,2})"),
        _basic,
    ),
    _Rule(
        ("rt_", "sk_", "rk_", "acctk_", "whsec_"),
        re.compile(
            rf"{_BEFORE}(?:(?:rt|sk|rk)_(?:live|test|retab)_[A-Za-z0-9_\-]{{4,}}"
            r"|(?<!_)(?:rt|sk|rk|acctk|whsec)_[A-Za-z0-9_\-]{8,})"
        ),
        _whole,
    ),
    _Rule(
        ("eyj",),
        re.compile(
            rf"{_BEFORE}eyJ[A-Za-z0-9_\-]{{7,}}\.[A-Za-z0-9_\-]{{8,}}(?:\.[A-Za-z0-9_\-]*){{0,3}}"
        ),
        _whole,
    ),
    _Rule(
        ("akia", "asia", "aiza", "ya29.", "gocspx-"),
        re.compile(
            rf"{_BEFORE}(?:(?:AKIA|ASIA)[A-Z0-9]{{16}}(?![A-Za-z0-9])|AIza[A-Za-z0-9_\-]{{35}}"
            r"|ya29\.[A-Za-z0-9_\-.]{20,}|GOCSPX-[A-Za-z0-9_\-]{20,})"
        ),
        _whole,
    ),
    _Rule(
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "npm_", "pypi-", "hf_"),
        re.compile(
            rf"{_BEFORE}(?:gh[pousr]_[A-Za-z0-9]{{20,}}|github_pat_[A-Za-z0-9_]{{20,}}"
            r"|glpat-[A-Za-z0-9_\-]{20,}|npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_\-]{50,}"
            r"|hf_[A-Za-z0-9]{30,})"
        ),
        _whole,
    ),
    _Rule(
        ("xox", "xapp-", "hooks.slack.com/", "sk-", "sg.", "8q~", "7q~"),
        re.compile(
            rf"{_BEFORE}(?:xox[a-z]-[A-Za-z0-9\-]{{10,}}|xapp-[A-Za-z0-9\-]{{10,}}"
            r"|hooks\.slack\.com/[a-z]+/[A-Za-z0-9/]{10,}|sk-[A-Za-z0-9_\-]{16,}"
            r"|SG\.[A-Za-z0-9_\-]{16,}\.[A-Za-z0-9_\-]{16,}"
            r"|[A-Za-z0-9_~.\-]{3}[78]Q~[A-Za-z0-9_~.\-]{31,34})"
        ),
        _whole,
    ),
    _Rule(
        ("://",),
        # A password may hold `/` or `@`; only a database URL is then still told from a path.
        re.compile(
            r"((?:postgres|postgresql|mysql|mariadb|mongodb|rediss?|amqps?|mssql|oracle|clickhouse"
            r"|snowflake|sqlserver)(?:\+[a-z0-9]+)?://[^\s:/@\"'<>]{0,200}:)"
            r"([^\s\"'<>\[][^\s\"'<>]{0,500}|\[(?!redacted\])[^\s\"'<>]{0,500})(@)",
            re.IGNORECASE,
        ),
        _middle,
    ),
    _Rule(
        ("://",),
        re.compile(r"(://[^\s:/@\"'<>?#]{0,200}:)([^\s:/@\"'<>?#\[][^\s/@\"'<>?#]{0,500})(@)"),
        _middle,
    ),
    _Rule(
        ("sig", "x-amz-", "x-goog-", "googleaccessid", "hmac"),
        re.compile(
            r"([?&;](?:amp;)?(?:sig|signature|x-amz-signature|x-amz-credential|x-amz-security-token"
            r"|x-goog-signature|x-goog-credential|hmac)(?:=|%3D))([^\s&\"'<>#\[]+)()",
            re.IGNORECASE,
        ),
        _middle,
    ),
)

# Parts of the words that make a name secret; is_secret_key judges the whole name.
_STEMS = (
    "authorization",
    "auth",
    "passw",
    "pwd",
    "passphrase",
    "passcode",
    "secret",
    "token",
    "cookie",
    "credential",
    "jwt",
    "key",
)
_NAMED = re.compile(
    r"(?:auth|passw|pwd|passphrase|passcode|secret|token|cookie|credential|jwt|key)"
    r"[\w\-]{0,40}(?P<close>\\{0,4}[\"']?)\s{0,3}(?:=>|[:=]|%3[Dd])\s{0,3}",
    re.IGNORECASE,
)
_NAME_BEFORE = re.compile(
    r"(?:\b(?:api|private|access|secret|account|encryption) )?[\w.\-]*\Z", re.I
)
_EMPTY_VALUE = re.compile(r"(?:null|none|nil|true|false|undefined)\b", re.IGNORECASE)
_QUOTED_VALUE = re.compile(
    rf"(?P<quote>\\{{0,4}}[\"'`])(?P<value>.{{1,{_LONGEST_QUOTED}}}?)(?P=quote)", re.DOTALL
)
_PLAIN_VALUE = re.compile(r"[\"'`]?(?P<value>[^\s\"'`<>&;,{}\[\](](?:[^\s\"'`<>&;,]|,(?=\S))*)")
_LINE_VALUE = re.compile(r"(?P<value>[^\s\"'\[{][^\r\n\"']*)")
_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9\-]{2,30}) +(?=\S)")
_LINE_NAMES = ("cookie", "set-cookie")
_FEWEST_CHARACTERS = 4  # of a value without quotes: "unexpected token: }" tells about a parser


def redact_text(text: str) -> tuple[str, int]:
    """Replace every credential in a text by "[redacted]"; return the text and how many went.

    By form: keys of Retab and of the clouds, bearer and basic values, JWTs, private key blocks,
    signatures of signed URLs, passwords in URLs. By name: `password=…`, `"api_key": "…"`,
    `Cookie: …`, also inside a longer text. Doing it twice changes nothing more.
    """
    redacted = 0
    while True:
        text, count = _redact_once(text)
        if not count:
            return text, redacted
        redacted += count


def _redact_once(text: str) -> tuple[str, int]:
    lowered = text.lower()
    count = 0
    for rule in _RULES:
        if not any(needle in lowered for needle in rule.needles):
            continue
        before = text

        def counted(match: re.Match[str], replace: Replace = rule.replace) -> str:
            nonlocal count
            replacement = replace(match)
            count += replacement != match[0]
            return replacement

        text = rule.pattern.sub(counted, before)
    if any(stem in lowered for stem in _STEMS):
        text, named = _redact_named(text)
        count += named
    return text, count


def _redact_named(text: str) -> tuple[str, int]:
    """Redact what follows a secret name and `=` or `:`."""
    parts: list[str] = []
    done = 0
    place = 0
    while match := _NAMED.search(text, place):
        place = match.end()
        span = _named_value(text, match)
        if span is None:
            continue
        start, end = span
        parts += [text[done:start], REDACTED]
        done = place = end
    parts.append(text[done:])
    return "".join(parts), len(parts) // 2


def _named_value(text: str, match: re.Match[str]) -> tuple[int, int] | None:
    """Return start and end of the secret a name announces, None where it announces none."""
    name_end = match.start("close")
    name_start = max(0, match.start() - _LONGEST_NAME)
    before = _NAME_BEFORE.search(text, name_start, match.start())
    name = text[before.start() if before else match.start() : name_end]
    if not is_secret_key(name):
        return None
    start = match.end()
    if _EMPTY_VALUE.match(text, start) or text.startswith(REDACTED, start):
        return None
    if quoted := _QUOTED_VALUE.match(text, start):
        return None if _harmless(quoted["value"]) else quoted.span("value")
    if name.lower() in _LINE_NAMES:
        line = _LINE_VALUE.match(text, start)
        return line.span("value") if line else None
    if "auth" in name.lower() and (scheme := _SCHEME.match(text, start)):
        line = _LINE_VALUE.match(text, scheme.end())
        is_long = line is not None and any(mark in line["value"] for mark in "=0123456789")
        return line.span("value") if line and is_long else None
    plain = _PLAIN_VALUE.match(text, start)
    if plain is None or len(plain["value"]) < _FEWEST_CHARACTERS:
        return None
    return plain.span("value")


def _harmless(value: str) -> bool:
    return REDACTED in value or _EMPTY_VALUE.fullmatch(value) is not None or not value.strip()


def suspects(joined: str) -> list[tuple[int, int]]:
    """Return spans of a text, in no order, outside of which redact_text would change nothing.

    For many strings joined by newlines: one search of the whole is far faster than many of parts.
    """
    lowered = joined.lower()
    spans: list[tuple[int, int]] = []
    for rule in _RULES:
        if any(needle in lowered for needle in rule.needles):
            spans += [match.span() for match in rule.pattern.finditer(joined)]
    if any(stem in lowered for stem in _STEMS):
        spans += [match.span() for match in _NAMED.finditer(joined)]
    return spans
