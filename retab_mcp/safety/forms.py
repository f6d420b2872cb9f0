"""Find credentials by their form: keys, tokens, private keys, passwords in URLs."""

import base64
import binascii
import re
from bisect import bisect_left
from collections.abc import Iterator

import re2  # type: ignore[import-untyped]

from retab_mcp.safety.key_formats import KEY_FORMATS, Body, KeyFormat, Proof
from retab_mcp.safety.values import (
    Span,
    is_placeholder,
    is_sentence,
    is_template,
    looks_random,
)
from retab_mcp.safety.view import View

# Characters of a body that are looked at to tell whether it is a key; the rest belongs to it.
_LOOKED_AT = 256
_LONGEST_PROSE = 20  # letters; what follows "bearer" and is longer is no word

_BY_PREFIX: dict[bytes, list[KeyFormat]] = {}
for _format in KEY_FORMATS:
    _BY_PREFIX.setdefault(_format.prefix, []).append(_format)
# Longest first: of `sk-` and `sk-proj-` the longer one tells more.
_ORDERED = sorted(_BY_PREFIX, key=len, reverse=True)
_PREFIX = re2.compile(b"|".join(map(re2.escape, _ORDERED)))
_LEAST_BEFORE_BREAK = 4
_COUNTED = 8  # bytes of a body that distinguish a prefix from the beginning of a word


def _begun_keys() -> bytes:
    """Return a pattern that matches wherever a key begins."""
    prefixes: dict[tuple[bytes, int], list[bytes]] = {}
    for form in KEY_FORMATS:
        shape = form.allowed, min(form.least, _COUNTED)
        prefixes.setdefault(shape, []).append(re2.escape(form.prefix))
    return b"|".join(
        b"(?:%s)[%s]{%d}(?:[%s]{%d}|[%s]{0,%d}[ \\t\\n\\x1b\\\\])"
        % (b"|".join(starts), body, least, body, counted - least, body, counted - least)
        for (allowed, counted), starts in prefixes.items()
        for body, least in ((re2.escape(allowed), _LEAST_BEFORE_BREAK),)
    )


BEGUN_KEY = _begun_keys()
_BEGUN_KEY = re2.compile(BEGUN_KEY)
_WORD_BYTES = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_MODE_PREFIX = re.compile(rb"(?:sk|rk|rt)_[a-z]{4,7}_")

_JWT = re2.compile(
    rb"ey[JA][A-Za-z0-9_\-]{7,}(?:=*\.[A-Za-z0-9_\-]{2,})(?:\.[A-Za-z0-9_\-=]*){0,4}"
)
_BEARER = re2.compile(rb"(?i)\b(?:bearer)[ \t:+=]+[\"']?([A-Za-z0-9._~+/\-]{8,}={0,2})")
_BASIC = re2.compile(rb"(?i)\bbasic[ +]+([A-Za-z0-9+/_\-]{4,}={0,2})")
_DIGEST = re2.compile(rb"(?i)\b(?:digest|hawk|oauth)[ +]+[a-z_]{2,20}=[^\n]*")
_DIGEST_PROOF = re.compile(rb"response|mac=|oauth_signature", re.IGNORECASE)
_TOKEN_SCHEME = re2.compile(rb"(?i)\b(?:token|apikey|ssws|geniekey)[ +]+([0-9a-f]{32,}\b)")
_SPECIAL = re2.compile(
    # Passwords of applications (Azure), bots (Telegram, Discord), webhooks, session ids.
    rb"[A-Za-z0-9_~.\-]{3}[78]Q~[A-Za-z0-9_~.\-]{31,34}"
    rb"|\b[0-9]{8,10}:AA[A-Za-z0-9_\-]{30,40}"
    rb"|\b[MNO][A-Za-z0-9_\-]{22,27}\.[A-Za-z0-9_\-]{5,7}\.[A-Za-z0-9_\-]{25,40}"
    rb"|SG\.[A-Za-z0-9_\-]{16,}\.[A-Za-z0-9_\-]{16,}"
    rb"|\b[0-9a-f]{32}-us[0-9]{1,2}\b"
    rb"|\b[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}\b"
    rb"|\b[0-9]/[0-9]{10,17}(?:/[0-9]{10,17})?:[0-9a-f]{32}\b"
    rb"|\bpat[A-Za-z0-9]{14}\.[0-9a-f]{40,}|\bA{9}[A-Za-z0-9%]{60,}|\b00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]{40,}"
)
_WEBHOOK = re2.compile(
    rb"(?i)(?:hooks\.slack\.com/[a-z]+/|discord(?:app)?\.com/api/(?:v[0-9]+/)?webhooks/"
    rb"|webhook\.office\.com/[a-z0-9]+/|hooks\.zapier\.com/hooks/catch/|hook\.[a-z0-9.]*make\.com/"
    rb"|outlook\.office\.com/webhook/|api\.telegram\.org/(?:file/)?bot)"
    rb"([A-Za-z0-9/_\-@.:]{10,})"
)
_PRIVATE_KEY = re2.compile(rb"BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-*|Private-Lines: [0-9]+")
_PRIVATE_END = re2.compile(rb"END [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-*|Private-MAC")
_KEY_LINES = re2.compile(
    rb"(?:[\s\"',\[\]|>+\\]*(?:(?:Proc-Type|DEK-Info|Comment|Version): ?[^\n]{0,80}\n"
    rb"|[A-Za-z0-9+/=]{4,}(?:[^A-Za-z0-9+/=]|\z)))+"
)
_KEY_CHARACTERS = re.compile(rb"[A-Za-z0-9+/]{16,}")

_URL_RUN = re2.compile(rb"//[^\s\"'<>`]*@[^\s\"'<>`]*")
_USER_AT_HOST = re2.compile(
    rb"\b([A-Za-z][\w.\-]{0,60}):([^\s:@/\"'<>`,;]{6,100})@[A-Za-z0-9][\w.\-]*"
)
_DATABASES = frozenset(
    b"postgres postgresql mysql mariadb mongodb redis rediss amqp amqps mssql oracle "
    b"clickhouse snowflake sqlserver cockroachdb jdbc ldap ldaps smtp smtps ftp ftps sftp".split()
)
_NO_USERS = frozenset(
    b"mail email e-mail mailto from to cc bcc contact kontakt sip sips xmpp".split()
)
_SCHEME = re.compile(rb"([A-Za-z][A-Za-z0-9+.\-]{0,30}):\Z")

_QUERY = re2.compile(
    rb"(?i)(?:[?&;]|^|\s)(?:amp;)?((?:x-(?:amz|goog|ms)-)?(?:sig|signature|credential|security-token"
    rb"|hmac|sas|code|key|auth|jwt|token|access_token|id_token|apikey|api_key|ticket))"
    rb"=([^\s&\"'<>#]+)"
)
_ALWAYS_HIDDEN = frozenset(("sig", "hmac", "security-token", "credential"))


def form_spans(view: View) -> Iterator[Span]:
    """Yield the spans of a view that are credentials by their form, in no order."""
    data = view.data
    yield from key_spans(data)
    if b"ey" in data:
        yield from (match.span() for match in _JWT.finditer(data))
    yield from (match.span() for match in _SPECIAL.finditer(data))
    yield from _schemes(view)
    yield from (match.span(1) for match in _WEBHOOK.finditer(data))
    if b"PRIVATE KEY" in data or b"Private-Lines" in data:
        yield from _private_keys(data)
    if b"@" in data:
        yield from _passwords_in_urls(data)
    yield from _query_values(view)


def key_spans(data: bytes) -> Iterator[Span]:
    """Yield the spans of keys in the format of a service, in order."""
    place = 0
    while begun := _BEGUN_KEY.search(data, place):
        start = begun.start()
        prefix = _PREFIX.match(data, start)[0]
        place = start + len(prefix)
        for form in _BY_PREFIX[prefix]:
            stop = _key_end(data, start, start + len(prefix), form)
            if stop:
                yield start, stop
                place = stop
                break


def _key_end(data: bytes, start: int, end: int, form: KeyFormat) -> int:
    """Return where a key ends that begins with a prefix at `start`, 0 where it is none."""
    if form.starts and start and data[start - 1] in _WORD_BYTES:
        # Behind an escape that was not decoded, or a percent sign, a word begins all the same.
        return 0
    head = data[end : end + (form.most or _LOOKED_AT)]
    body = head[: len(head) - len(head.lstrip(form.allowed))]
    if len(body) < form.least:
        body = _over_line_break(data, end, body, form)
    if len(body) < form.least:
        return 0
    if form.most and data[end + form.most : end + form.most + 1].isalnum():
        following = data[end + form.most : end + form.most + 1]
        if following in form.body.value.encode():
            return 0
    if form.proof is not Proof.NONE and not _MIXED.search(body):
        return 0
    text = body.decode().translate(_NO_BREAKS)
    if form.proof is Proof.RANDOM and not _has_random_run(text, form):
        return 0
    stop = end + len(body)
    if not form.most:
        stop += _run_length(data, stop, form.allowed)
    if form.body is Body.BASE64:
        path = _PATH_END.search(data, max(end, stop - 64), stop)
        stop = path.start() if path else stop
    return stop


# A path may follow a key in it: of base64 that is the less likely reading.
_PATH_END = re.compile(rb"(?:/[a-z]{3,12})*\Z")
_NO_BREAKS = {ord("\n"): None, ord(" "): None}
_DIGIT = re.compile(rb"[0-9]")
_MIXED = re.compile(rb"[0-9]|[a-z][A-Z]")
_BREAK = re.compile(rb"[ \t]*\n[ \t]*|\x1b?\\n")
_LEAST_AFTER_BREAK = 8


def _over_line_break(data: bytes, end: int, body: bytes, form: KeyFormat) -> bytes:
    """Return a body that continues on the next line, or the part on this one."""
    gap = _BREAK.match(data, end + len(body))
    if not gap or len(body) < _LEAST_BEFORE_BREAK:
        return body
    rest = data[gap.end() : gap.end() + _LOOKED_AT]
    length = len(rest) - len(rest.lstrip(form.allowed))
    more = rest[:length]
    if length < _LEAST_AFTER_BREAK or not _DIGIT.search(more):
        return body
    return data[end : gap.end() + length]


def _run_length(data: bytes, start: int, allowed: bytes) -> int:
    """Return how many of the allowed bytes follow, looking at so many at a time."""
    length = 0
    while True:
        piece = data[start + length : start + length + _LOOKED_AT]
        run = len(piece) - len(piece.lstrip(allowed))
        length += run
        if run < _LOOKED_AT:
            return length


def _has_random_run(text: str, form: KeyFormat) -> bool:
    """Return whether a part of a body between separators is one that nobody would write."""
    shortest = min(form.least, 16)
    return any(
        len(part) >= shortest and _is_key_like(part) for part in re.split(r"[_\-.]", text)
    ) or (looks_random(text.replace("-", "").replace("_", ""), 24) and not _is_wordy(text))


def _is_key_like(part: str) -> bool:
    digits = sum(map(str.isdigit, part))
    if looks_random(part, min(len(part), 16)):
        return True
    # `abcdefghij12345`: long, with both; `results2024` is a word and a year.
    return len(part) >= 14 and digits >= 2 and len(part) - digits >= 2


def _is_wordy(text: str) -> bool:
    parts = [part for part in re.split(r"[_\-.]", text) if part]
    plain = [part for part in parts if part.isalpha() or part.isdigit()]
    return len(plain) * 2 > len(parts)


def _schemes(view: View) -> Iterator[Span]:
    data = view.data
    for match in _BEARER.finditer(data):
        token = match[1].decode()
        is_word = token.rstrip(".").isalpha() and (token[1:].islower() or token.isupper())
        is_plain = is_word and len(token) < _LONGEST_PROSE
        if not (is_plain or token.isdigit() or is_placeholder(token) or is_sentence(token)):
            yield match.span(1)
    for match in _BASIC.finditer(data):
        if _decodes_to_pair(match[1]):
            yield match.span(1)
    for match in _DIGEST.finditer(data):
        if _DIGEST_PROOF.search(match[0][:2000]):
            yield (
                match.start() + match[0].index(b" ") + 1 if b" " in match[0][:8] else match.start(),
                (match.end()),
            )
    for match in _TOKEN_SCHEME.finditer(data):
        yield match.span(1)


def _decodes_to_pair(token: bytes) -> bool:
    """Return whether a text decodes to `user:password`; "basic information" is prose."""
    try:
        decoded = base64.b64decode(
            token[:400] + b"=" * (-len(token[:400]) % 4),
            b"-_" if b"_" in token or b"-" in token else None,
        )
    except (binascii.Error, ValueError):
        return False
    return b":" in decoded and decoded.replace(b":", b"").isascii()


def _private_keys(data: bytes) -> Iterator[Span]:
    begins = [match.span() for match in _PRIVATE_KEY.finditer(data)]
    ends = [match.span() for match in _PRIVATE_END.finditer(data)]
    for number, (start, end) in enumerate(begins):
        following = begins[number + 1][0] if number + 1 < len(begins) else len(data)
        lines = _KEY_LINES.match(data, end)
        stop = min(lines.end(), following) if lines else end
        place = bisect_left(ends, (end, end))
        closing = ends[place] if place < len(ends) and ends[place][0] < following else None
        if closing and _is_private_body(data[end : closing[0]], closing[0] - stop):
            stop = closing[1]
        if _KEY_CHARACTERS.search(data, end, min(stop, end + 4_000)):
            dashes = data[max(0, start - 5) : start]
            yield start - (len(dashes) - len(dashes.rstrip(b"-"))), stop


def _is_private_body(body: bytes, unread: int) -> bool:
    """Return whether what is between beginning and end of a private key is its lines."""
    return unread < 200 or b" " not in body.strip()


def _passwords_in_urls(data: bytes) -> Iterator[Span]:
    for run in _URL_RUN.finditer(data):
        yield from _in_run(data, run.start(), run.end())
    for match in _USER_AT_HOST.finditer(data):
        user, password = match[1].lower(), match[2].decode()
        if user not in _NO_USERS and user not in _DATABASES and looks_random(password, 8):
            yield match.span(2)


def _in_run(data: bytes, start: int, stop: int) -> Iterator[Span]:
    """Yield passwords in the URLs of a run without blanks, which may hold several."""
    place = start
    while 0 <= place < stop:
        begin = place + 2
        following = data.find(b"//", begin, stop)
        end = following if following >= 0 else stop
        scheme = _SCHEME.search(data, max(0, place - 32), place)
        name = scheme[1].lower() if scheme else b""
        limit = end
        if name.partition(b"+")[0] not in _DATABASES:
            for mark in b"/?#":
                found = data.find(mark, begin, limit)
                limit = found if found >= 0 else limit
        at = data.rfind(b"@", begin, limit)
        if at >= 0:
            colon = data.find(b":", begin, at)
            first = colon + 1 if colon >= 0 else begin
            if colon >= 0 and looks_random(data[begin:colon].decode()):
                first = begin
            hidden = data[first:at].decode()
            if hidden and (colon >= 0 or looks_random(hidden)) and not is_template(hidden):
                yield first, at
        place = following


def _query_values(view: View) -> Iterator[Span]:
    for match in _QUERY.finditer(view.data):
        name = match[1].decode().lower().removeprefix("x-amz-").removeprefix("x-goog-")
        value = match[2].decode()
        in_query = match[0][:1] in b"?&;"
        if not in_query and name not in ("sig", "signature"):
            continue
        if is_placeholder(value) or (value.isdigit() and name not in _ALWAYS_HIDDEN):
            continue
        if name in _ALWAYS_HIDDEN or (name == "signature" and not value.isalpha()):
            hides = True
        else:
            hides = looks_random(value, 12) or (
                name in ("jwt", "auth", "access_token") and not value.isalpha()
            )
        if hides and not is_sentence(value):
            yield match.span(2)
