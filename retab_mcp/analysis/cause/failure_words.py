"""Find the words in an error message that show the kind of a failure."""

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import re2  # type: ignore[import-untyped]

from retab_mcp.analysis.cause.words import (
    block_words,
    general,
    languages,
    more_languages,
    runtime_errors,
    scripts,
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
    r"""(?:\(|\[|Error: |Exception: |\bexceed\w* (?:the |your )?"""
    r"""|\b(?:desc\w*|details?|message|msg|reason|str)['"]?[=:] ?)(?:(?:-?\d+|'\w+'), )?b?"""
    r"""(['"])((?:(?!\1).){0,200} (?:(?!\1).){0,200})\1"""
)

# Services do not tell an absent object from one of others: "does not exist or you have no rights".
_HEDGE = re.compile(r"(?<=exist) or you\b[^.]{0,100}|\beither (?=\w+ )")
# The answer to a request does not say what was wrong with the request.
_ABOUT_ANSWER = re.compile(
    r"\bresponse (?:body|received|from|is|was|did|does|had)\b", re.IGNORECASE
)
# A quota for a short time is a rate.
_PER_TIME = re.compile(
    r"\b(?:per (?:\w+ per )?(?:second|minute|hour|day)|daily|hourly)\b", re.IGNORECASE
)

# The id of a handle names an input of a block; it does not mean that a file is concerned.
_HANDLE = re.compile(r"\b(input|output)-(?:file|json)-[\w-]+")
# Where a new word starts inside a name: "PdfStreamError" is about a PDF, "DEADLINE_EXCEEDED" about
# a deadline.
_INNER_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Z])_(?=[A-Z])")

# A message that is only a code: "channel_not_found".
_CODE = re.compile(r"\w+(?:[_.]\w+)+")

# What replaces handles and quoted text in a reading, as it is in the message.
_STANDS_FOR = {"handle": r"[\w-]{1,40}['\"`]?", "…": r"['\"`]?.{1,60}?['\"`]?"}

# Kinds that only the code of a function can have, or its author's subject.
_NOT_OF_LIBRARIES = frozenset(FailureKind) - {
    FailureKind.CALLED_API_DOWN,
    FailureKind.CREDENTIALS,
    FailureKind.CREDITS_EXHAUSTED,
    FailureKind.MISSING_INPUT,
    FailureKind.RATE_LIMITED,
    FailureKind.STORAGE,
    FailureKind.TIMEOUT,
}
_IN_LANGUAGES = dict(languages.LANGUAGES)
_BY_KIND = {
    kind: (*words, *_IN_LANGUAGES.get(kind, ()), *more_languages.KINDS.get(kind, ()))
    for kind, words in general.WORDS
}
_PATTERNS = {kind: _Pattern(words) for kind, words in _BY_KIND.items()}
# A right that a message about a file's format names is one that the file gives. A parser of files
# has no schema.
_KEYS = frozenset({FailureKind.CREDENTIALS})
_LESS_THAN_FORMAT = {"parse": _KEYS | {FailureKind.SCHEMA_VIOLATION}}


def _in_blocks() -> dict[str, dict[FailureKind, _Pattern]]:
    """Return, by type of block, the words of a kind with those that count only there."""
    found: dict[str, dict[FailureKind, _Pattern]] = {}
    for step_types, kind, words in block_words.WORDS:
        pattern = _Pattern((*_BY_KIND[kind], *words))
        for step_type in step_types:
            found.setdefault(step_type, {})[kind] = pattern
    return found


_IN_BLOCK = _in_blocks()
_NO_CONNECTION = (*languages.NO_CONNECTION, *more_languages.NO_CONNECTION)
_CALLED = _Pattern(
    (*services.UNREACHABLE, *_NO_CONNECTION, *languages.UNREACHABLE, *more_languages.UNREACHABLE)
)
_NOT_CONNECTED = _Pattern((*services.NO_CONNECTION, *_NO_CONNECTION))
_REFUSED = _Pattern((*services.REFUSED, *languages.REFUSED, *more_languages.REFUSED))
_TOPICS = tuple((kind, _Pattern(topic), _Pattern(wrong)) for kind, topic, wrong in topics.TOPICS)
_LATER, _STATE = _Pattern(services.LATER), _Pattern(services.STATE)
_PAYER = _Pattern(services.PAYER)
_REJECTED_DATA = _Pattern(block_words.REJECTED)
_FORMAT, _FORMAT_WRONG = _Pattern(block_words.FORMAT), _Pattern(block_words.FORMAT_WRONG)
_NOT_READ = _Pattern(block_words.NOT_READ)
_ENDED = _Pattern(block_words.ENDED)
_RUNTIME_ERROR = _Pattern(runtime_errors.RUNTIME_ERRORS)
_SCRIPT_TOPICS = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in scripts.TOPICS)
_IN_SCRIPTS = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in scripts.KINDS)


@dataclass(frozen=True, slots=True)
class WordMatch:
    """A kind of failure and the words of the message that show it."""

    kind: FailureKind
    words: str


def kind_in_words(
    message: str,
    is_api_call: bool = False,
    without: Container[FailureKind] = (),
    step_type: str | None = None,
) -> WordMatch | None:
    """Return the kind of failure that the words of `message` show, None where they show none.

    With `is_api_call`, all words about connections count; in a step of type `step_type` those about
    what it does, such as reading a document. Kinds in `without` are ignored.
    """
    readings = _readings(message)
    patterns = _PATTERNS | _IN_BLOCK.get(step_type or "", {})
    ordered = [*patterns.items()]
    ordered.append((FailureKind.CALLED_API_DOWN, _CALLED if is_api_call else _NOT_CONNECTED))
    if step_type in block_words.DATA_BLOCKS:
        ordered.append((FailureKind.SCHEMA_VIOLATION, _REJECTED_DATA))
    about_format = (
        _about_format(readings, message, step_type)
        if step_type in block_words.DOCUMENT_BLOCKS
        else None
    )
    for kind, pattern in ordered:
        if kind in without:
            continue
        for words, in_bytes in readings:
            if found := pattern.search(words, in_bytes):
                if about_format and kind in _LESS_THAN_FORMAT.get(step_type or "", _KEYS):
                    return about_format
                said = _as_said(found[0], message)[:MAX_WORDS]
                if kind == FailureKind.CREDITS_EXHAUSTED and _PER_TIME.search(message):
                    # The limit that was reached is often named in quotes.
                    kind = FailureKind.RATE_LIMITED
                return WordMatch(kind, said)
    return _in_scripts(readings[0][0], without) or about_format


def _in_scripts(text: str, without: Container[FailureKind]) -> WordMatch | None:
    if not scripts.LETTER.search(text):
        return None
    for kind, pattern in _IN_SCRIPTS:
        if kind not in without and (found := pattern.search(text)):
            return WordMatch(kind, found[0][:MAX_WORDS])
    return None


def _about_format(
    readings: list[tuple[str, bytes]], message: str, step_type: str | None
) -> WordMatch | None:
    """Return the words of a step that reads a document if they are about what a file is made of."""
    for text, in_bytes in readings:
        if _ENDED.search(text, in_bytes):
            return None
        found = _FORMAT.search(text, in_bytes)
        if found and not _FORMAT_WRONG.search(text, in_bytes):
            found = None
        if found is None and step_type == "parse":
            found = _NOT_READ.search(text, in_bytes)
        if found:
            said = _as_said(found[0], message)[:MAX_WORDS]
            return WordMatch(FailureKind.DOCUMENT_UNREADABLE, said)
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
        if later := _LATER.search(text, in_bytes):
            return WordMatch(FailureKind.CALLED_API_DOWN, later[0])
        if found := _REFUSED.search(text, in_bytes):
            said = _as_said(found[0], message)[:MAX_WORDS]
            return WordMatch(FailureKind.CALLED_API_REFUSED, said)
    text = readings[0][0]
    if scripts.LETTER.search(text):
        for kind, in_script in _SCRIPT_TOPICS:
            if about := in_script.search(text):
                return WordMatch(kind, about[0])
        if refused := scripts.REFUSED.search(text):
            return WordMatch(FailureKind.CALLED_API_REFUSED, refused[0])
    return None


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


def says_state_forbids(message: str) -> str | None:
    """Return the words of a message that say that the state of an object forbids the request."""
    text, in_bytes = _readings(message)[-1]
    found = _STATE.search(text, in_bytes)
    return _as_said(found[0], message)[:MAX_WORDS] if found else None


def is_own_error(name: str) -> bool:
    """Return whether an exception is one that code raises itself, unlike those of a library."""
    own = name.rpartition(".")[2] in runtime_errors.OWN_ERRORS
    return own or runtime_errors.OWN_MODULE.match(name) is not None


def store_failed(message: str) -> str | None:
    """Return the words of an exception of any class by which a file system or a store fails."""
    found = runtime_errors.STORE_FAILED.search(message[:MAX_MESSAGE])
    return found[0][:MAX_WORDS] if found else None


def kind_of_library_error(message: str, name: str) -> WordMatch | None:
    """Return the kind of a library's exception that reports what a service or a store said.

    `name` is the exception's class, after its modules. None for a parser's, whose words are about
    what it parses.
    """
    message = message[:MAX_MESSAGE]
    if runtime_errors.PARSER.search(name):
        return None
    if runtime_errors.STORE.search(name) and (found := runtime_errors.NOT_THERE.search(message)):
        return WordMatch(FailureKind.STORAGE, found[0])
    if found := runtime_errors.CONSTRAINT.search(message):
        return WordMatch(FailureKind.CALLED_API_REFUSED, found[0])
    return kind_in_words(message, is_api_call=True, without=_NOT_OF_LIBRARIES)


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
