"""Find the messages in an error of any form: nested causes, lists, JSON in a text, a trace."""

import json
import re
from collections.abc import Iterator

from retab_mcp.analysis.cause.evidence.generic_messages import contains, is_generic, without_prefix
from retab_mcp.digest.stack_trace import stack_trace
from retab_mcp.models import Json

# Limits of what is read in one error: a called API's whole response can be in it.
MAX_DEPTH = 12
MAX_VALUES = 400
MAX_TEXT = 20_000
# Messages kept; the first and the last ones say most.
MAX_MESSAGES = 6

# Keys whose text is a message, best first.
_TEXT_KEYS = (
    *("message", "msg", "error_message", "errormessage", "error_description", "detail"),
    *("details", "error", "reason", "description", "exception", "text", "title"),
    *("cause", "root_cause", "caused_by", "inner"),
)
# Keys whose text ends in a message, after much else.
_TRACE_KEYS = ("stack_trace", "traceback", "traceback_str", "stacktrace", "stack", "trace")
# Keys under which another error is: `cause`, `inner_error`, `caused_by`, `errors`, `originalError`.
_NESTED = re.compile(
    r"cause|inner|error|exception|detail|nested|original|previous|underlying|wrapped|failure"
    r"|reason|context|violation|problem|issue|message|response|body|root",
    re.IGNORECASE,
)
# Go prints the panic first, and a .NET frame names its line at the end.
_GO_PANIC = re.compile(r"^(?:panic|fatal error): (?P<said>.+)$", re.MULTILINE)
_GO_FRAMES = re.compile(r"^goroutine \d+ \[", re.MULTILINE)
_NET_FRAME = re.compile(r"^\s+at \S.*(?: in .+:line \d+)?$", re.MULTILINE)
_PYTHON_TRACE = "Traceback (most recent call last)"
_NET_INNER = re.compile(r" ---> ")
_JSON_START = re.compile(r"[\[{]")


def messages_in(error: Json) -> list[str]:
    """Return the distinct messages in an error that say something, outermost first.

    `error` is a text or any JSON. A message that another one contains is left out; generic ones
    ("Step failed") are as well. Of more than MAX_MESSAGES the first and the last ones are kept.
    """
    found: list[str] = []
    for text in _texts(error):
        said = without_prefix(text)
        if is_generic(said) or any(contains(known, said) for known in found):
            continue
        found = [known for known in found if not contains(said, known)]
        found.append(said)
    if len(found) > MAX_MESSAGES:
        half = MAX_MESSAGES // 2
        return found[:half] + found[-half:]
    return found


def is_trace(text: str) -> bool:
    """Return whether a text is a stack trace."""
    return bool(text) and _of_trace(text) is not None


def _texts(error: Json) -> Iterator[str]:
    """Yield the texts of an error in order, each level before those nested in it."""
    level: list[Json] = [error]
    left = MAX_VALUES
    for _ in range(MAX_DEPTH):
        below: list[Json] = []
        for value in level:
            left -= 1
            if left < 0:
                return
            if isinstance(value, str):
                yield from _of_text(value, below)
            elif isinstance(value, list):
                below += value
            elif isinstance(value, dict):
                yield from _of_object(value, below)
        if not below:
            return
        level = below


def _of_object(value: dict[str, Json], below: list[Json]) -> Iterator[str]:
    named = {key.lower(): key for key in value}
    for name in _TEXT_KEYS:
        text = value.get(named.get(name, ""))
        if isinstance(text, str):
            yield from _of_text(text, below)
    for name in _TRACE_KEYS:
        trace = value.get(named.get(name, ""))
        if isinstance(trace, str):
            yield from _of_trace(trace[:MAX_TEXT].strip()) or ()
    for key, inner in value.items():
        if isinstance(inner, dict | list) and _NESTED.search(key):
            below.append(inner)


def _of_text(text: str, below: list[Json]) -> Iterator[str]:
    """Yield the messages of a text; JSON within it goes to `below`."""
    text = text[:MAX_TEXT].strip()
    of_trace = _of_trace(text)
    if of_trace is not None:
        yield from of_trace
        return
    if text.startswith('"') and (quoted := _decoded(text)):
        below.append(quoted)
        return
    start = _JSON_START.search(text)
    inner = _json_in(text[start.start() :]) if start else None
    if start is None or inner is None:
        yield text
        return
    # The text before the JSON introduces it: 'Request failed: {"message": …}'.
    yield text[: start.start()].rstrip(" :-–—\n")
    below.append(inner)


def _json_in(text: str) -> dict[str, Json] | list[Json] | None:
    """Return the object or list that `text` begins with, None if there is none."""
    try:
        value, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return None
    holds = value if isinstance(value, dict) else [one for one in value if isinstance(one, dict)]
    # "[line 2]" and "[1]" are no errors, and what follows an object may be more important.
    return value if holds and len(text) - end < end else None


def _decoded(text: str) -> str:
    """Return the text that a JSON string holds, "" if `text` is not one."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    return value if isinstance(value, str) else ""


def _of_trace(text: str) -> list[str] | None:
    """Return the exceptions of a stack trace, the one raised last first; None if it is none."""
    if "\n" not in text:
        return None
    panic = _GO_PANIC.search(text)
    if panic and _GO_FRAMES.search(text):
        return [panic["said"]]
    shortened = stack_trace(text)
    if isinstance(shortened, dict):
        raised = shortened["exception"]
        # The exception raised last may only wrap the first one.
        return [str(raised), *(str(each) for each in reversed(shortened.get("caused_by", [])))]
    if _NET_FRAME.search(text):
        first_line = text.partition("\n")[0]
        return [part.strip() for part in _NET_INNER.split(first_line)]
    # A trace whose frames were cut out still ends in its exception.
    return [text.rpartition("\n")[2].strip()] if _PYTHON_TRACE in text else None
