"""Split the marks by which chat templates separate turns, so that no model takes one for real."""

import re
from typing import NamedTuple

import re2  # type: ignore[import-untyped]

_BAR = "[|｜│∣ǀ]"
# Tags of XML that documents use too: only those names that a template gives a meaning.
_TAG_WORDS = (
    "start_of_turn|end_of_turn|start_of_image|end_of_image|s|bos|eos|tool_call|tool_calls"
    "|tool_response|tool_result|tool_results|tool_output|tool_outputs|tool_code|function_calls"
    "|function_call|function_results|function_response|antml:[a-z_]{1,30}|im_start|im_end"
    "|system-reminder|think|extra_id_[0-9]{1,3}"
)
_SQUARE_WORDS = (
    "INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|IMG|IMG_END"
    "|IMG_BREAK|THINK|ARGS|CALL_ID|MODEL_SETTINGS|REASONING_EFFORT"
    "|gMASK|sMASK"
)
# In the order of the alternatives: opening, name, closing.
_PATTERN = (
    rf"(<{_BAR})([^\s<>|｜│∣ǀ]{{1,60}})({_BAR}>)"
    rf"|(<)(/?(?:{_TAG_WORDS}))(>)"
    rf"|(<)((?:antml:[a-z_]{{1,30}}|function|tool_call|parameter)=[^\s<>]{{1,60}})(>)"
    rf"|(\[)(/?(?:{_SQUARE_WORDS}))(\])"
    r"|(<<)(/?SYS)(>>)"
    r"|(\n\n)((?:Human|Assistant))(:)"
    r"|(###[ ]?)((?:Instruction|Response|System|User|Assistant|Human))(:)"
)
_MARKS = re.compile(_PATTERN)
# RE2 only knows the blanks of ASCII, so it finds every mark and a few more.
MARK = re.sub(r"\((?!\?)", "(?:", _PATTERN).encode()
_HINT = re2.compile(MARK)


class Split(NamedTuple):
    """A text whose marks are split, and how many were."""

    text: str
    marks: int


def may_hold_marks(data: bytes) -> bool:
    """Return whether a text in UTF-8 may hold a mark; far faster than looking for them."""
    return _HINT.search(data) is not None


def mark_spans(text: str) -> list[tuple[int, int]]:
    """Return the spans of chat-template marks in a text."""
    return [match.span() for match in _MARKS.finditer(text)]


def split_marks(text: str) -> Split:
    """Split every mark with spaces: `<|im_start|>` becomes `<| im_start |>`.

    Turns that a plain word opens (`Human:` after an empty line) get the space before the colon.
    """
    if not may_hold_marks(text.encode("utf-8", "surrogatepass")):
        return Split(text, 0)
    new, count = _MARKS.subn(_split, text)
    return Split(new, count)


def _split(match: re.Match[str]) -> str:
    opening, name, closing = (part for part in match.groups() if part is not None)
    if closing == ":":
        return f"{opening}{name} :"
    return f"{opening} {name} {closing}"
