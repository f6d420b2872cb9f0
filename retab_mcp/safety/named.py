"""Find credentials that are known by the name before them, as in `password=…` or `Cookie: …`."""

import re
from collections.abc import Iterator

import re2  # type: ignore[import-untyped]

from retab_mcp.safety.extents import (
    Extent,
    block_extent,
    line_extent,
    quoted_extent,
    tag_extent,
    token_extent,
    whole_end,
)
from retab_mcp.safety.names import Kind, foreign_names, kind_of
from retab_mcp.safety.stems import SHORT_STEMS, STEMS
from retab_mcp.safety.values import (
    REDACTED,
    Span,
    is_code,
    is_drawn,
    is_mixed,
    is_placeholder,
    is_sentence,
    looks_random,
    scheme_of,
    secret_spans,
    spans_in_sentence,
    starts_template,
)
from retab_mcp.safety.view import View

_LONGEST_NAME = 64  # characters read back to find where a name begins
_MOST_NAME_WORDS = 4
_LONGEST_SENTENCE = 240  # characters after a name that are read to tell words from a value

_STEM = f"(?:{'|'.join(STEMS)}|(?:\\b|_)(?:{'|'.join(SHORT_STEMS)})(?:\\b|_|[0-9]))"
# What follows a name: its end, a few words at most, and what separates it from its value.
_CLOSING = r"([\\]{0,64}[\"'`*]{0,3}\]?)"
_FILLER = (
    r"(?:[ ]+(?:provided|given|used|supplied|entered|received|sent|specified|value|header|parameter"
    r"|param|field|was|\([^()\n]{1,40}\)))?"
)
_ASSIGNS = r"\s*(?:=>|:=|={1,3}|::?|-{1,3}>|<-|\()"
_SAYS = r"[ ]+(?:is|ist|lautet|lauten|est|es|sara|jest|was|now|are|e|as|to|from)[ ]*:?[ ]+"
# `password for the portal is …`: words between a name and what tells its value.
_OWNED = rf"((?:[ ][a-z\x01'.\-]{{1,24}}){{1,5}}?(?:[ ]?:[ ]|{_SAYS}))"
_SEPARATOR = (
    rf"({_ASSIGNS})\s*|({_SAYS})|{_OWNED}"
    r"|((?:[ ][^<>\n]{0,200})?>|</|\n[ \t\-]{0,40}(?:value|val|content):)\s*"
    r"|(\s*\.{3,}\s*|\s*[|]\s*|[ \t]{2,}|\t|[ ])"
    r"|([ ]*,[ ]*)"
)
_NAMED = re2.compile(f"({_STEM}[\\w\\-\\x01]{{0,64}}){_CLOSING}{_FILLER}(?:{_SEPARATOR})".encode())
_AFTER_FOREIGN = re2.compile(f"(){_CLOSING}{_FILLER}[\\x01\\x02]{{0,2}}(?:{_SEPARATOR}|)".encode())
# Groups of both: the end of the name, and the one of six separators that there is.
_CLOSE, _STRONG, _SPOKEN, _OWNER, _MARKUP, _BLANKS, _COMMA = range(2, 9)

_NAME_BYTES = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.\x01"
_UNEXPECTED = re.compile(
    rb"(?:unexpected|illegal|expected|unrecognized|invalid syntax|parse error)[^\n]{0,40}\Z"
)
# The name of a stored secret, not the secret.
_SECOND = re.compile(rb"\\*[\"']\s*,\s*(?=\\*[\"'])")
_COUNT = re.compile(rb"[0-9]{1,3}(?![\w!-/])")
_RESOURCE = re.compile(rb"\barn:[\w:\-]{0,90}:\Z")
# A pin of a connector and the colour tan.
_AMBIGUOUS_CODE = re.compile(rb"\b(?:pin|tan)\Z")
_HTTP_LINES = re.compile(
    rb"(?i)(?:^|\n)[ \t]*(?:host|accept|content-type|user-agent|content-length):|http/[12]|curl "
)
# What may open before a value in quotes, but for a call that reads it from elsewhere.
_OPEN = re.compile(
    rb"(?:(?:\[\]|map|new )?"
    rb"(?!(?:\w{0,24}\.){0,4}(?:get|getenv|env|secrets?|config|input|var|fetch|load|lookup)\()"
    rb"[\w.]{0,24}[({])?[\[({ ]{0,4}[bru@$]{0,2}(?=\\*[\"'`])|"
)
_OPEN_BARE = re.compile(rb"[\[({]{1,3}(?=[^\s\[\](){}\"'])")
_LABEL = re.compile(
    rb"(?:\b|_)(?:name|key|label|k|id|header|field|field_?name|parameter|param|variable|property"
    rb"|header_?name|type|attribute|title|env)\\*[\"']?\s*[:=]>?\s*\\*[\"']?\Z",
    re.IGNORECASE,
)
_CONTENT = re2.compile(
    rb"(?i)\\*[\"']?[\s,/]*(?:[a-z\-_]{1,20}\s*[=:]\s*\\*[\"'][^\"'<>\n]{0,60}\\*[\"'][\s,]*)?"
    rb"\\*[\"']?(?:value|val|v|content|text|data|header_?value|default|current_?value)\\*[\"']?\s*[:=]>?\s*"
)
_TAG_REST = re2.compile(rb"\\*[\"'][^<>]{0,200}>\s*(?:<[\w:]{1,30}>\s*){0,2}")
_CODE = re.compile(rb"[0-9]{3}[ \-]?[0-9]{3}\b|[0-9]{4,8}\b")
_XML_VALUE = re2.compile(
    rb"(?i)\s*(?:</(?:\w+:)?(?:name|key|t[dh]|dt|label|b|strong|span|div)>)\s*(?:<[\w:]{1,30}[^<>]{0,80}>\s*){1,3}"
)


def named_spans(view: View) -> Iterator[Span]:
    """Yield the spans of a view that are credentials by the name before them, in order."""
    low = view.low
    match = _NAMED.search(low)
    while match is not None:
        start, place = match.span(1)
        for found in _after_name(view, start, place, match):
            yield found
            place = max(place, found[1])
        match = _NAMED.search(low, place)
    for start, end in foreign_names(view.text):
        after = _AFTER_FOREIGN.match(low, end)
        if after is not None:
            yield from _value_spans(view, Kind.PASSWORD, start, end, after)


def _after_name(view: View, start: int, end: int, match: re.Match[bytes]) -> Iterator[Span]:
    start = _name_start(view.low, start)
    kind, start = _kind_before(view, start, end, assigned=match[_STRONG] == b"=")
    if kind is None:
        return
    if view.low[start:end] == b"pass" and _COUNT.match(view.low, match.end()):
        return
    if _RESOURCE.search(view.low, max(0, start - 100), start):
        return
    if kind is Kind.TOKEN and _UNEXPECTED.search(view.low, max(0, start - 60), start + 10):
        return
    yield from _value_spans(view, kind, start, end, match)


def _name_start(low: bytes, start: int) -> int:
    window = low[max(0, start - _LONGEST_NAME) : start]
    return start - (len(window) - len(window.rstrip(_NAME_BYTES)))


def _kind_before(view: View, start: int, end: int, *, assigned: bool) -> tuple[Kind | None, int]:
    """Return the kind of the name that ends at `end`, words before it included, and its start."""
    first = start
    for word in reversed(
        view.low[max(0, start - _LONGEST_NAME) : start].split(b" ")[-_MOST_NAME_WORDS:-1]
    ):
        if not word or word.strip(_NAME_BYTES):
            break
        first -= len(word) + 1
    if view.low[start - 1 : start] != b" ":
        first = start
    spoken = kind_of(view.folded[first:end])
    alone = kind_of(view.folded[start:end])
    if spoken is None and alone is not None:
        # "prior authorization" and "next token" are other things; "see the password" is not.
        return (alone if assigned and alone is Kind.PASSWORD else None), start
    return spoken, first if alone is None else start


def _value_spans(
    view: View, kind: Kind, start: int, end: int, match: re.Match[bytes]
) -> Iterator[Span]:
    """Yield what to hide of the value after a name from `start` to `end`."""
    low = view.low
    place = match.end()
    before = low[max(0, start - 40) : start]
    if match[_MARKUP] is not None:
        is_element = low[max(0, start - 1) : start] in (b"<", b":") and match[_MARKUP].endswith(
            b">"
        )
        if not is_element or b"/" in low[end : match.end()][-2:-1]:
            yield from _labelled(view, kind, start, end, before)
            return
        yield from _judged(view, kind, tag_extent(low, place), strict=True)
        return
    if _LABEL.search(before) and (match[_CLOSE] or match[_COMMA] or match[_BLANKS]):
        labelled = list(_labelled(view, kind, start, end, before))
        if labelled:
            yield from labelled
            return
    if match[_COMMA] is not None:
        yield from _paired(view, kind, start, end, match)
        return
    is_called = (match[_STRONG] or b"").endswith(b"(")
    if is_called and quoted_extent(low, place) is None:
        return
    if match[_STRONG] is not None or b":" in (match[_SPOKEN] or b""):
        yield from _assigned(view, kind, start, place)
        return
    if match[_OWNER] is not None and kind is not Kind.CODE:
        yield from _told(view, kind, place)
        return
    said = bool(match[_SPOKEN] or match[_OWNER])
    yield from _spoken(view, kind, (start, end, place), said, before)


def _assigned(view: View, kind: Kind, start: int, place: int) -> Iterator[Span]:
    low = view.low
    crossed = b"\n" in low[max(0, place - 200) : place].rpartition(b":")[2]
    if kind is Kind.COOKIE and low[place : place + 1] in (b"{", b"["):
        extent = line_extent(low, place, brackets=True)
        if b":" in low[extent.start : extent.end] or b"," in low[extent.start : extent.end]:
            yield extent.start, extent.end
        return
    opened = _OPEN.match(low, place)
    quoted = quoted_extent(low, opened.end() if opened else place)
    if quoted is not None:
        if kind is Kind.AUTHORIZATION and low[place : place + 1] in (b"(", b"["):
            second = _SECOND.match(low, quoted.end)
            quoted = quoted_extent(low, second.end()) if second else quoted
            yield from _judged(view, kind, quoted, strict=True)
            return
        is_header = kind in (Kind.AUTHORIZATION, Kind.COOKIE)
        yield from _judged(view, kind, quoted, strict=is_header and _is_header(low, start))
        return
    if kind is Kind.COOKIE:
        yield from _judged(view, kind, line_extent(low, place), strict=False)
        return
    if kind is Kind.AUTHORIZATION:
        yield from _authorization(view, start, place)
        return
    if starts_template(view.text[place : place + _LONGEST_NAME]):
        return
    bare = _OPEN_BARE.match(low, place)
    if bare and low[place : place + 2] not in (b"{{", b"[[") and not bare[0].startswith(b"("):
        place = bare.end()
    if low[place : place + 1] in b"|>" and low[place + 1 : place + 3].strip(b"+-")[:1] == b"\n":
        yield from _judged(view, kind, block_extent(low, place), strict=False)
        return
    if kind is Kind.PHRASE:
        yield from _judged(view, kind, line_extent(low, place), strict=False)
        return
    token = token_extent(low, place)
    if is_code(view.text[place : place + _LONGEST_NAME]):
        return
    if token is None or (crossed and _is_name(low, token)):
        return
    text = view.text[token.start : token.end]
    if crossed and b"=" not in low[max(0, place - 200) : place] and not is_mixed(text):
        return
    end = min(line_extent(low, place).end, token.start + _LONGEST_SENTENCE)
    line = view.text[token.start : end]
    is_set = kind is Kind.TOKEN and _is_assignment(low, place, text)
    if len(line) > len(text) and not is_set and _is_told(kind, line):
        yield from _inside(token.start, line)
        return
    yield from _judged(view, kind, token, strict=is_set)


def _is_assignment(low: bytes, place: int, text: str) -> bool:
    # `token=efgh` is set to something; "token: identifier" may be words of a parser.
    return low[place - 1 : place] == b"=" and len(text) >= 4 and not is_sentence(text)


def _is_told(kind: Kind, line: str) -> bool:
    """Return whether the rest of a line speaks about the credential in place of giving it."""
    if is_sentence(line):
        return True
    return kind in (Kind.KEY, Kind.TOKEN) and not secret_spans(kind, line)


def _inside(start: int, line: str) -> Iterator[Span]:
    for first, last in spans_in_sentence(line):
        yield start + first, start + last


def _is_name(low: bytes, extent: Extent) -> bool:
    """Return whether what follows on a next line is a name with a value of its own."""
    return (
        low[extent.end : extent.end + 3].lstrip()[:1] in (b":", b"=")
        or low[extent.end - 1 : extent.end] == b":"
    )


def _authorization(view: View, start: int, place: int) -> Iterator[Span]:
    """Yield what follows `Authorization:` without quotes: a scheme shows, its value does not."""
    line = line_extent(view.low, place)
    text = view.text[line.start : line.end]
    scheme = scheme_of(text)
    strict = _is_header(view.low, start)
    if not scheme:
        word = text.split(" ")[0].split(",")[0] if text else ""
        if not strict and len(word) < len(text) and not looks_random(word, 12):
            return
        for a, b in secret_spans(Kind.AUTHORIZATION, word, strict=strict):
            yield line.start + a, line.start + b
        return
    rest = text[len(scheme) :]
    if is_placeholder(rest) or is_sentence(rest) or is_placeholder(rest.split()[0]):
        return
    if secret_spans(Kind.AUTHORIZATION, text, strict=strict):
        first = len(scheme)
        has_pairs = "=" in rest.rstrip("=") or "," in rest or ":" in rest
        length = len(rest) if has_pairs else len(rest.split()[0])
        yield line.start + first, line.start + first + length


def _is_header(low: bytes, start: int) -> bool:
    """Return whether a name is that of a header of HTTP, of `curl`, or next to other headers."""
    before = low[max(0, start - 6) : start]
    if re.search(rb"-h ?\\*[\"']?\Z", before):
        return True
    around = low[max(0, start - 400) : start + 400]
    return bool(_HTTP_LINES.search(around))


def _told(view: View, kind: Kind, place: int) -> Iterator[Span]:
    """Yield a value that a few words lead to, and what it was changed to."""
    if kind not in (Kind.PASSWORD, Kind.KEY, Kind.TOKEN):
        return
    for _ in range(2):
        extent = quoted_extent(view.low, place) or token_extent(view.low, place)
        if extent is None or not is_drawn(view.text[extent.start : extent.end]):
            return
        yield from _judged(view, kind, extent, strict=False)
        if view.low[extent.end : extent.end + 4] != b" to ":
            return
        place = extent.end + 4


def _spoken(
    view: View, kind: Kind, places: tuple[int, int, int], said: bool, before: bytes
) -> Iterator[Span]:
    """Yield a value after blanks, dots or "is": only what nobody would write as a word."""
    low = view.low
    start, end, place = places
    quoted = quoted_extent(low, place)
    if kind is Kind.WEAK and quoted:
        yield from _judged(view, kind, quoted, strict=False)
    if kind in (Kind.WEAK, Kind.SESSION, Kind.COOKIE, Kind.AUTHORIZATION, Kind.CREDENTIALS):
        return
    extent = quoted or token_extent(low, place)
    if extent is None:
        return
    text = view.text[extent.start : extent.end]
    if kind is Kind.PHRASE:
        yield from _judged(view, kind, line_extent(low, place), strict=False)
        return
    if kind is Kind.CODE:
        code = _CODE.match(low, place)
        if code and (said or not _AMBIGUOUS_CODE.search(before + low[start:end])):
            yield code.span()
        return
    is_option = before.endswith(b"--") or before.endswith(b"-")
    has_proof = (
        is_mixed(text)
        or (quoted and kind is Kind.PASSWORD)
        or (said and not text.isalpha() and len(text) >= 6)
    )
    if not (has_proof or (is_option and not text.startswith("-"))):
        return
    if quoted and kind is Kind.TOKEN and not looks_random(text, 12):
        return
    yield from _judged(view, kind, extent, strict=is_option)


def _paired(view: View, kind: Kind, start: int, end: int, match: re.Match[bytes]) -> Iterator[Span]:
    """Yield the second of a pair: `("X-Api-Key", "…")`, `["Cookie", "…"]`, `--password,…`."""
    low = view.low
    if not match[_CLOSE].strip(b"]") or low[max(0, start - 12) : start].rstrip(b"\\\"'`").strip()[
        -1:
    ] not in (b"[", b"("):
        return
    quoted = quoted_extent(low, match.end())
    if quoted is None:
        return
    following = low[quoted.end : quoted.end + 64].lstrip(b"\\\"'` ")[:1]
    text = view.text[quoted.start : quoted.end]
    if following in (b"]", b")") and not (text.isalpha() and text.islower() and len(text) < 13):
        yield from _judged(view, kind, quoted, strict=True)


def _labelled(view: View, kind: Kind, start: int, end: int, before: bytes) -> Iterator[Span]:
    """Yield the value beside a label: `{"name": "password", "value": …}`, `<add key=… value=…>`."""
    low = view.low
    after = _CONTENT.match(low, end)
    if after is not None:
        quoted = quoted_extent(low, after.end())
        extent = quoted or token_extent(low, after.end())
        if extent is not None:
            yield from _judged(view, kind, extent, strict=True)
        return
    element = _XML_VALUE.match(low, end)
    if element is None and _LABEL.search(before):
        element = _TAG_REST.match(low, end)
    if element is not None:
        yield from _judged(view, kind, tag_extent(low, element.end()), strict=True)


def _judged(view: View, kind: Kind, extent: Extent | None, *, strict: bool) -> Iterator[Span]:
    if extent is None or extent.start >= extent.end:
        return
    text = view.text[extent.start : extent.end]
    if text.strip() == REDACTED:
        return
    for start, end in secret_spans(kind, text, strict=strict):
        is_rest = extent.is_cut and end == len(text.rstrip())
        yield (
            extent.start + start,
            whole_end(view.low, extent.end) if is_rest else extent.start + end,
        )
