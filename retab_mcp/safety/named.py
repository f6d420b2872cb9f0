"""Find credentials that are known by the name before them, as in `password=…` or `Cookie: …`."""

import re
from collections.abc import Iterator

from retab_mcp.safety.authorization import authorization_spans, is_header
from retab_mcp.safety.extents import (
    Extent,
    block_extent,
    line_extent,
    quoted_extent,
    tag_extent,
    token_extent,
    whole_end,
)
from retab_mcp.safety.foreign import foreign_names
from retab_mcp.safety.name_patterns import (
    AFTER_FOREIGN,
    AMBIGUOUS_CODE,
    BLANKS,
    CARD_CODE,
    CLOSE,
    CODE,
    COMMA,
    CONTENT,
    COUNT,
    HEREDOC,
    IN_BRACKETS,
    INNER_VALUE,
    LABEL,
    MARKUP,
    NAME_BYTES,
    NAMED,
    NEXT_ELEMENT,
    OPEN,
    OPEN_BARE,
    OWNER,
    PAIR_OPENS,
    PLACE_NAME,
    PLACE_WORD,
    RESOURCE,
    SECOND,
    SPOKEN,
    STRONG,
    TAG_REST,
    TYPED,
    UNEXPECTED,
    USED,
    USER_AND_PASSWORD,
    XML_VALUE,
)
from retab_mcp.safety.names import Kind, kind_of
from retab_mcp.safety.values import (
    REDACTED,
    Span,
    is_code,
    is_drawn,
    is_mixed,
    is_reference,
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


def named_spans(view: View) -> Iterator[Span]:
    """Yield the spans of a view that are credentials by the name before them, in order."""
    low = view.low
    match = NAMED.search(low)
    while match is not None:
        start, place = match.span(1)
        for found in _after_name(view, start, place, match):
            yield found
            place = max(place, found[1])
        match = NAMED.search(low, place)
    for start, end in foreign_names(view.text):
        after = AFTER_FOREIGN.match(low, end)
        if after is not None:
            yield from _value_spans(view, Kind.PASSWORD, start, end, after)


def _after_name(view: View, start: int, end: int, match: re.Match[bytes]) -> Iterator[Span]:
    start = _name_start(view.low, start)
    kind, start = _kind_before(view, start, end, assigned=match[STRONG] == b"=")
    if kind in (None, Kind.WEAK) and match[OWNER] is not None:
        # "code de vérification": the words after it make the name.
        kind = kind_of(view.folded[start : match.end(OWNER)].rstrip(": ")) or kind
    if kind is None:
        return
    if view.low[start:end] == b"pass" and COUNT.match(view.low, match.end()):
        return
    if RESOURCE.search(view.low, max(0, start - 100), start):
        return
    if kind is Kind.TOKEN and UNEXPECTED.search(view.low, max(0, start - 60), start + 10):
        return
    yield from _value_spans(view, kind, start, end, match)


def _name_start(low: bytes, start: int) -> int:
    window = low[max(0, start - _LONGEST_NAME) : start]
    return start - (len(window) - len(window.rstrip(NAME_BYTES)))


def _kind_before(view: View, start: int, end: int, *, assigned: bool) -> tuple[Kind | None, int]:
    """Return the kind of the name that ends at `end`, words before it included, and its start."""
    first = start
    for word in reversed(
        view.low[max(0, start - _LONGEST_NAME) : start].split(b" ")[-_MOST_NAME_WORDS:-1]
    ):
        if not word or word.strip(NAME_BYTES):
            break
        first -= len(word) + 1
    if view.low[start - 1 : start] != b" ":
        first = start
    spoken = kind_of(view.folded[first:end])
    alone = kind_of(view.folded[start:end])
    if spoken is None and alone is Kind.WEAK and USED.search(view.low, first, start):
        return alone, start
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
    if match[MARKUP] is not None:
        is_element = low[max(0, start - 1) : start] in (b"<", b":") and match[MARKUP].endswith(b">")
        if not is_element or b"/" in low[end : match.end()][-2:-1]:
            yield from _labelled(view, kind, start, end, before)
            return
        inner = INNER_VALUE.match(low, place)
        extent = tag_extent(low, inner.end() if inner else place)
        yield from _judged(view, kind, extent, strict=True)
        return
    if LABEL.search(before) and (match[CLOSE] or match[COMMA] or match[BLANKS]):
        labelled = list(_labelled(view, kind, start, end, before))
        if labelled:
            yield from labelled
            return
    if match[COMMA] is not None:
        yield from _paired(view, kind, start, end, match)
        return
    is_called = (match[STRONG] or b"").endswith(b"(")
    if is_called and quoted_extent(low, place) is None:
        bare = IN_BRACKETS.match(low, match.start(STRONG))
        if bare and is_drawn(view.text[bare.start(1) : bare.end(1)]):
            yield from _judged(view, kind, Extent(*bare.span(1)), strict=False)
        return
    if match[STRONG] is not None or b":" in (match[SPOKEN] or b""):
        yield from _assigned(view, kind, start, place)
        return
    if match[OWNER] is not None and kind is not Kind.CODE:
        yield from _told(
            view, kind, place, assigned=b":" in match[OWNER] and low[start:end] != b"pass"
        )
        return
    said = bool(match[SPOKEN] or match[OWNER])
    yield from _spoken(view, kind, (start, end, place), said, before)


def _assigned(view: View, kind: Kind, start: int, place: int) -> Iterator[Span]:
    low = view.low
    if element := NEXT_ELEMENT.match(low, place):
        yield from _judged(view, kind, tag_extent(low, element.end()), strict=False)
        return
    if prefix := TYPED.match(low, place):
        place = prefix.end()
    crossed = b"\n" in low[max(0, place - 200) : place].rpartition(b":")[2]
    if kind is Kind.COOKIE and low[place : place + 1] in (b"{", b"["):
        extent = line_extent(low, place, brackets=True)
        if b":" in low[extent.start : extent.end] or b"," in low[extent.start : extent.end]:
            yield extent.start, extent.end
        return
    opened = OPEN.match(low, place)
    quoted = quoted_extent(low, opened.end() if opened else place)
    if quoted is not None:
        if kind is Kind.AUTHORIZATION and PAIR_OPENS.search(low[place - 1 : place + 1]):
            second = SECOND.match(low, quoted.end)
            quoted = quoted_extent(low, second.end()) if second else quoted
            yield from _judged(view, kind, quoted, strict=True)
            return
        may_be_header = kind in (Kind.AUTHORIZATION, Kind.COOKIE)
        yield from _judged(view, kind, quoted, strict=may_be_header and is_header(low, start))
        return
    if kind is Kind.COOKIE:
        yield from _judged(view, kind, line_extent(low, place), strict=False)
        return
    if kind is Kind.AUTHORIZATION:
        yield from authorization_spans(view, start, place)
        return
    if starts_template(view.text[place : place + _LONGEST_NAME]):
        return
    if kind is Kind.CREDENTIALS and (second := USER_AND_PASSWORD.match(low, place)):
        yield from _judged(view, Kind.PASSWORD, Extent(*second.span(1)), strict=False)
        return
    bare = OPEN_BARE.match(low, place)
    if bare and low[place : place + 2] not in (b"{{", b"[[") and not bare[0].startswith(b"("):
        place = bare.end()
    if low[place : place + 1] in b"|>" and low[place + 1 : place + 3].strip(b"+-")[:1] == b"\n":
        yield from _judged(view, kind, block_extent(low, place), strict=False)
        return
    if heredoc := HEREDOC.match(low, place):
        yield from _judged(view, kind, Extent(*heredoc.span(1)), strict=False)
        return
    if kind is Kind.PHRASE:
        yield from _judged(view, kind, line_extent(low, place), strict=False)
        return
    token = token_extent(low, place)
    if kind is Kind.CODE and token and _is_postal(view, start, token.end):
        return
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


def _told(view: View, kind: Kind, place: int, *, assigned: bool) -> Iterator[Span]:
    """Yield a value that a few words lead to, and what it was changed to."""
    if kind not in (Kind.PASSWORD, Kind.KEY, Kind.TOKEN, Kind.WEAK):
        return
    for _ in range(2):
        extent = quoted_extent(view.low, place) or token_extent(view.low, place)
        text = view.text[extent.start : extent.end] if extent else ""
        if extent is None or not (is_drawn(text) or (assigned and _is_password(kind, text))):
            return
        yield from _judged(view, kind, extent, strict=False)
        if view.low[extent.end : extent.end + 4] != b" to ":
            return
        place = extent.end + 4


def _is_password(kind: Kind, text: str) -> bool:
    """Return whether a password of lower-case letters and digits was given, no date or number."""
    return kind is Kind.PASSWORD and is_mixed(text) and not is_reference(text)


def _spoken(
    view: View, kind: Kind, places: tuple[int, int, int], said: bool, before: bytes
) -> Iterator[Span]:
    """Yield a value after blanks, dots or "is": only what nobody would write as a word."""
    low = view.low
    start, end, place = places
    quoted = quoted_extent(low, place)
    if kind is Kind.WEAK and quoted:
        yield from _judged(view, kind, quoted, strict=False)
    if kind is Kind.AUTHORIZATION and scheme_of(view.text[place : place + _LONGEST_NAME]):
        yield from authorization_spans(view, start, place)
        return
    if kind in (Kind.SESSION, Kind.COOKIE, Kind.AUTHORIZATION, Kind.CREDENTIALS):
        return
    extent = quoted or token_extent(low, place)
    if extent is None:
        return
    text = view.text[extent.start : extent.end]
    if kind is Kind.WEAK and (quoted or low[start:end] != b"key" or not is_drawn(text)):
        return
    if kind is Kind.PHRASE:
        yield from _judged(view, kind, line_extent(low, place), strict=False)
        return
    if kind is Kind.CODE or low[start:end] == b"passcode":
        is_card = low[start:end].startswith((b"cvv", b"cvc", b"csc"))
        code = CODE.match(low, place) or (CARD_CODE.match(low, place) if is_card else None)
        if code and _is_postal(view, start, code.end()):
            return
        if code and (said or not AMBIGUOUS_CODE.search(before + low[start:end])):
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


def _is_postal(view: View, start: int, end: int) -> bool:
    """Return whether a PIN is the code of a place: India calls its postal codes so."""
    words = view.low[max(0, start - 40) : end]
    return b"pin" in words and bool(
        PLACE_WORD.search(words) or PLACE_NAME.match(view.data, end, end + 60)
    )


def _paired(view: View, kind: Kind, start: int, end: int, match: re.Match[bytes]) -> Iterator[Span]:
    """Yield the second of a pair: `("X-Api-Key", "…")`, `["Cookie", "…"]`, `--password,…`."""
    low = view.low
    is_atom = low[max(0, start - 2) : start] == b"{:"
    if is_atom:
        yield from _judged(view, kind, quoted_extent(low, match.end()), strict=False)
        return
    if not match[CLOSE].strip(b"]") or low[max(0, start - 12) : start].rstrip(b"\\\"'`").strip()[
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
    """Yield a labelled value: `{"name": "password", "value": …}`, `<add key=… value=…>`."""
    low = view.low
    after = CONTENT.match(low, end)
    if after is not None:
        quoted = quoted_extent(low, after.end())
        extent = quoted or token_extent(low, after.end())
        if extent is not None:
            yield from _judged(view, kind, extent, strict=True)
        return
    element = XML_VALUE.match(low, end)
    if element is None and LABEL.search(before):
        element = TAG_REST.match(low, end)
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
