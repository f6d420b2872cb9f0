"""Find the words in an error message that show the kind of a failure."""

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import re2  # type: ignore[import-untyped]

from retab_mcp.analysis.cause.words import (
    data,
    documents,
    general,
    languages,
    runtime_errors,
    services,
    topics,
)
from retab_mcp.models import FailureKind

# Maximum characters read of a message, which can be a whole web page.
MAX_MESSAGE = 4_000
# For the states of a pattern, which are made as they are met.
_PATTERN_BYTES = 32 * 1024 * 1024
# Maximum characters of the words quoted as the reason.
MAX_WORDS = 60


class _Pattern:
    """Words of one kind, read by RE2 first: few messages hold any, and it reads in one pass."""

    def __init__(self, words: Iterable[str]) -> None:
        self._source = r"\b(?:" + "|".join(words) + ")"

    @cached_property
    def _exact(self) -> re.Pattern[str]:
        return re.compile(self._source, re.IGNORECASE)

    @cached_property
    def _rough(self) -> Any:
        return re2.compile(_in_bytes(_without_lookaheads(self._source)), _options())

    def search(self, text: str, data: bytes) -> re.Match[str] | None:
        """Return the first match in a text, of which `data` are the bytes that RE2 reads."""
        return self._exact.search(text) if self._rough.search(data) else None


def _without_lookaheads(pattern: str) -> str:
    """Return a pattern for RE2 that matches wherever `pattern` does, and a little more often."""
    parts = pattern.split("(?!")
    kept = [parts[0]]
    for part in parts[1:]:
        depth = 1
        for place, character in enumerate(part):
            depth += (character == "(") - (character == ")")
            if depth == 0:
                kept.append(part[place + 1 :])
                break
    return "".join(kept)


def _in_bytes(text: str) -> bytes:
    """Return a text with a letter in place of each letter beyond ASCII, a dot for other signs."""
    if text.isascii():
        return text.encode()
    return "".join(
        letter if letter.isascii() else "x" if letter.isalnum() else "." for letter in text
    ).encode()


def _options() -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    options.encoding = re2.Options.Encoding.LATIN1
    options.max_mem = _PATTERN_BYTES
    options.never_capture = True
    return options


# Quoted text is a name or a value and shows nothing.
_QUOTED = re.compile(r"\"[^\"]{0,200}\"|`[^`]{0,200}`|(?<!\w)'[^']{0,200}'(?!\w)")
# The message of an exception is quoted as its first argument: ('Connection aborted.', …).
_ARGUMENT = re.compile(
    r"""(?:\(|\[|\bexceed\w* (?:the |your )?"""
    r"""|\b(?:desc\w*|details?|message|msg|reason|str)['"]?[=:] ?)(?:-?\d+, )?b?"""
    r"""(['"])((?:(?!\1).){0,200} (?:(?!\1).){0,200})\1"""
)

# Services do not tell an absent object from one of others: "does not exist or you have no rights".
_HEDGE = re.compile(r"(?<=exist) or you\b[^.]{0,100}|\beither (?=\w+ )")
# The answer to a request does not say what was wrong with the request.
_ABOUT_ANSWER = re.compile(
    r"\bresponse (?:body|received|from|is|was|did|does|had)\b", re.IGNORECASE
)
# A quota for a short time is a rate.
_PER_TIME = re.compile(r"\bper (?:\w+ per )?(?:second|minute|hour|day)\b", re.IGNORECASE)

# The id of a handle names an input of a block; it does not mean that a file is concerned.
_HANDLE = re.compile(r"\b(input|output)-(?:file|json)-[\w-]+")
# Where a new word starts inside a name: "PdfStreamError" is about a PDF, "DEADLINE_EXCEEDED" about
# a deadline.
_INNER_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Z])_(?=[A-Z])")

# A message that is only a code: "channel_not_found".
_CODE = re.compile(r"\w+(?:[_.]\w+)+")

# What replaces handles and quoted text in a reading, as it is in the message.
_STANDS_FOR = {"handle": r"[\w-]{1,40}['\"`]?", "…": r"['\"`]?.{1,60}?['\"`]?"}

_IN_LANGUAGES = dict(languages.LANGUAGES)
# The words of a block that reads a document also decide where they are about its password.
_BY_KIND = {kind: (*words, *_IN_LANGUAGES.get(kind, ())) for kind, words in general.WORDS}
_PATTERNS = {kind: _Pattern(words) for kind, words in _BY_KIND.items()}
_OF_DOCUMENTS = {
    FailureKind.DOCUMENT_UNREADABLE: _Pattern(
        (*_BY_KIND[FailureKind.DOCUMENT_UNREADABLE], *documents.UNREADABLE)
    )
}
_CALLED = _Pattern((*services.UNREACHABLE, *languages.NO_CONNECTION, *languages.UNREACHABLE))
_NOT_CONNECTED = _Pattern((*services.NO_CONNECTION, *languages.NO_CONNECTION))
_REFUSED = _Pattern((*services.REFUSED, *languages.REFUSED))
_TOPICS = tuple((kind, _Pattern(topic), _Pattern(wrong)) for kind, topic, wrong in topics.TOPICS)
_PAYER = _Pattern(services.PAYER)
_REJECTED_DATA = _Pattern(data.REJECTED)
_RUNTIME_ERROR = _Pattern(runtime_errors.RUNTIME_ERRORS)
_JAPANESE = tuple((kind, re.compile(words)) for kind, words in languages.JAPANESE)
_JAPANESE_REFUSED = re.compile(languages.JAPANESE_REFUSED)
_JAPANESE_LETTER = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class WordMatch:
    """A kind of failure and the words of the message that show it."""

    kind: FailureKind
    words: str


def kind_in_words(
    message: str,
    is_api_call: bool = False,
    without: Container[FailureKind] = (),
    *,
    reads_document: bool = False,
) -> WordMatch | None:
    """Return the kind of failure that the words of `message` show, None where they show none.

    With `is_api_call`, all words about connections count, with `reads_document` those about
    documents and rejected data. Kinds in `without` are ignored.
    """
    readings = _readings(message)
    patterns = dict(_PATTERNS)
    if reads_document:
        patterns |= _OF_DOCUMENTS
    ordered = [*patterns.items()]
    ordered.append((FailureKind.CALLED_API_DOWN, _CALLED if is_api_call else _NOT_CONNECTED))
    if reads_document:
        ordered.append((FailureKind.SCHEMA_VIOLATION, _REJECTED_DATA))
    for kind, pattern in ordered:
        if kind in without:
            continue
        for words, in_bytes in readings:
            if found := pattern.search(words, in_bytes):
                said = _as_said(found[0], message)[:MAX_WORDS]
                if kind == FailureKind.CREDITS_EXHAUSTED and _PER_TIME.search(message):
                    # The limit that was reached is often named in quotes.
                    kind = FailureKind.RATE_LIMITED
                return WordMatch(kind, said)
    return _in_japanese(readings[0][0], without)


def _in_japanese(text: str, without: Container[FailureKind]) -> WordMatch | None:
    if not _JAPANESE_LETTER.search(text):
        return None
    for kind, pattern in _JAPANESE:
        if kind not in without and (found := pattern.search(text)):
            return WordMatch(kind, found[0][:MAX_WORDS])
    return None


def kind_of_refusal(message: str) -> WordMatch | None:
    """Return the kind of a called API's message by what it is about.

    Business messages use the same words, so these count only where an API was called and no other
    words show a kind. None where the message is about the answer to a request.
    """
    readings = _readings(message)
    for text, in_bytes in readings:
        if _ABOUT_ANSWER.search(text):
            return None
        for kind, topic, wrong in _TOPICS:
            found = topic.search(text, in_bytes)
            if found and wrong.search(text, in_bytes):
                return WordMatch(kind, _as_said(found[0], message)[:MAX_WORDS])
    for text, in_bytes in readings:
        if found := _REFUSED.search(text, in_bytes):
            said = _as_said(found[0], message)[:MAX_WORDS]
            return WordMatch(FailureKind.CALLED_API_REFUSED, said)
    japanese = _JAPANESE_REFUSED.search(message[:MAX_MESSAGE])
    return WordMatch(FailureKind.CALLED_API_REFUSED, japanese[0]) if japanese else None


def _readings(message: str) -> list[tuple[str, bytes]]:
    """Return the text of a message without quoted values, and with the words inside its names."""
    text = _ARGUMENT.sub(r"(\2", " ".join(message[:MAX_MESSAGE].replace("’", "'").split()))
    text = _HEDGE.sub("", text)
    text = _HANDLE.sub(r"\1 handle", _QUOTED.sub("…", text))
    in_words = _INNER_WORD.sub(" ", text)
    if _CODE.fullmatch(text):
        in_words = in_words.replace("_", " ")
    return [(each, _in_bytes(each)) for each in dict.fromkeys((text, in_words))]


def says_payer_declined(message: str) -> str | None:
    """Return the words of a message that say that a customer's card or account was declined."""
    text, in_bytes = _readings(message)[0]
    found = _PAYER.search(text, in_bytes)
    return found[0][:MAX_WORDS] if found else None


def says_code_failed(message: str) -> str | None:
    """Return the words of a message by which a runtime says that the code of a function failed."""
    text, in_bytes = _readings(message)[0]
    found = _RUNTIME_ERROR.search(text, in_bytes)
    return _as_said(found[0], message)[:MAX_WORDS] if found else None


def _as_said(words: str, message: str) -> str:
    """Return matched words as the message has them, with names and quoted values."""
    plain = " ".join(message[:MAX_MESSAGE].split())
    if words in plain:
        return words
    parts = (_STANDS_FOR.get(word) or re.escape(word) for word in re.findall(r"…|[^\s…]+", words))
    found = re.search(r"[\s_.-]{0,3}".join(parts), plain)
    return found[0] if found else words


def says_unreachable(message: str) -> WordMatch | None:
    """Return the words of a message that say that another host could not be reached."""
    text = " ".join(message[:MAX_MESSAGE].split())
    found = _NOT_CONNECTED.search(text, _in_bytes(text))
    return WordMatch(FailureKind.CALLED_API_DOWN, found[0][:MAX_WORDS]) if found else None
