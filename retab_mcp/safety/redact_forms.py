"""Credentials that are known by their form: keys, tokens, private keys, passwords in URLs."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

REDACTED = "[redacted]"

_LONGEST_PROSE = 20  # letters; what follows "bearer" and is longer is no word

Replace = Callable[[re.Match[str]], str]


class Form(NamedTuple):
    """One form of a credential.

    Where `mark`, a character, or all of `needles` are missing from a text the pattern cannot
    match it: both are found far faster than the pattern. Needles in lower case are searched for
    in the lowered text.
    """

    mark: str
    needles: tuple[str, ...]
    pattern: re.Pattern[str]
    replace: Replace


def forms_in(text: str, lowered: str) -> Iterator[Form]:
    """Return the forms that may occur in a text."""
    for form in _FORMS:
        if form.mark in text and any(
            needle in (lowered if needle.islower() else text) for needle in form.needles
        ):
            yield form


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
    is_word = token.rstrip(".").isalpha() and (token[1:].islower() or token.isupper())
    if is_word and len(token) < _LONGEST_PROSE:
        return match[0]
    return f"{match[1]}{REDACTED}"


_START = r"(?<![A-Za-z0-9])"
_FORMS = (
    Form(
        "-",
        ("PRIVATE KEY",),
        re.compile(
            r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----.*?"
            r"(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|\Z)",
            re.DOTALL,
        ),
        _whole,
    ),
    Form(
        "",
        ("earer", "EARER"),
        re.compile(r"(\b[Bb](?:earer|EARER)[ \t:]+)([A-Za-z0-9._~+/\-]{8,}={0,2})"),
        _bearer,
    ),
    Form(
        " ",
        ("asic ", "ASIC "),
        re.compile(r"(\b[Bb](?:asic|ASIC) +)([A-Za-z0-9+/]{4,}={0,2})"),
        _basic,
    ),
    # Retab and Stripe. Its older keys go by `sk_retab_`, its scoped tokens by `acctk_`.
    Form(
        "_",
        ("rt_", "k_", "whsec_"),
        re.compile(
            rf"{_START}(?:(?:rt|sk|rk)_(?:live|test|retab)_[A-Za-z0-9_\-]{{4,}}"
            r"|(?<!_)(?:rt|sk|rk|acctk|whsec)_[A-Za-z0-9_\-]{8,})"
        ),
        _whole,
    ),
    # JSON Web Tokens: two to five parts, the first of which is JSON.
    Form(
        ".",
        ("eyJ",),
        re.compile(
            rf"{_START}eyJ[A-Za-z0-9_\-]{{7,}}\.[A-Za-z0-9_\-]{{8,}}(?:\.[A-Za-z0-9_\-]*){{0,3}}"
        ),
        _whole,
    ),
    # AWS and Google.
    Form(
        "",
        ("AKIA", "ASIA", "AIza", "GOCSPX-", "ya29."),
        re.compile(
            rf"{_START}(?:(?:AKIA|ASIA)[A-Z0-9]{{16}}(?![A-Za-z0-9])|AIza[A-Za-z0-9_\-]{{35}}"
            r"|GOCSPX-[A-Za-z0-9_\-]{20,}|ya29\.[A-Za-z0-9_\-.]{20,})"
        ),
        _whole,
    ),
    # Forges and package registries.
    Form(
        "_",
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "npm_", "hf_"),
        re.compile(
            rf"{_START}(?:gh[pousr]_[A-Za-z0-9]{{20,}}|github_pat_[A-Za-z0-9_]{{20,}}"
            r"|npm_[A-Za-z0-9]{36}|hf_[A-Za-z0-9]{30,})"
        ),
        _whole,
    ),
    Form(
        "-",
        ("glpat-", "pypi-", "xox", "xapp-", "sk-"),
        re.compile(
            rf"{_START}(?:glpat-[A-Za-z0-9_\-]{{20,}}|pypi-[A-Za-z0-9_\-]{{50,}}"
            r"|xox[a-z]-[A-Za-z0-9\-]{10,}|xapp-[A-Za-z0-9\-]{10,}|sk-[A-Za-z0-9_\-]{16,})"
        ),
        _whole,
    ),
    Form(
        "/",
        ("hooks.slack.com/",),
        re.compile(r"(hooks\.slack\.com/[a-z]+/)([A-Za-z0-9/]{10,})()"),
        _middle,
    ),
    # SendGrid.
    Form(
        ".",
        ("SG.",),
        re.compile(rf"{_START}SG\.[A-Za-z0-9_\-]{{16,}}\.[A-Za-z0-9_\-]{{16,}}"),
        _whole,
    ),
    # Secrets of Azure applications.
    Form(
        "~",
        ("8Q~", "7Q~"),
        re.compile(r"(?<![A-Za-z0-9_~.\-])[A-Za-z0-9_~.\-]{3}[78]Q~[A-Za-z0-9_~.\-]{31,34}"),
        _whole,
    ),
    # A password may hold `/` or `@`; only in the URL of a database is it then told from a path.
    Form(
        "@",
        ("://",),
        re.compile(
            r"((?:postgres|postgresql|mysql|mariadb|mongodb|rediss?|amqps?|mssql|oracle|clickhouse"
            r"|snowflake|sqlserver)(?:\+[a-z0-9]+)?://[^\s:/@\"'<>]{0,200}:)"
            r"(?!\[redacted\])([^\s\"'<>]{1,500})(@)",
            re.IGNORECASE,
        ),
        _middle,
    ),
    Form(
        "@",
        ("://",),
        re.compile(r"(://[^\s:/@\"'<>?#]{0,200}:)(?!\[redacted\])([^\s/@\"'<>?#]{1,500})(@)"),
        _middle,
    ),
    # Signatures of signed URLs: AWS, Google, Azure, CloudFront.
    Form(
        "",
        ("sig=", "signature", "x-amz-", "x-goog-", "sig%3d", "hmac"),
        re.compile(
            r"((?:[?&;]|%26|%3F)(?:amp;)?(?:sig|signature|x-amz-signature|x-amz-credential"
            r"|x-amz-security-token|x-goog-signature|x-goog-credential|hmac)(?:=|%3D))"
            r"(?!\[redacted\])([^\s&\"'<>#]+?)(?=%26|[\s&\"'<>#]|\Z)()",
            re.IGNORECASE,
        ),
        _middle,
    ),
)
