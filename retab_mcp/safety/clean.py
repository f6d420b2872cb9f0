"""Takes out of a text what a reader cannot see and what a terminal or a model would obey."""

import re

# One class for everything that makes a text suspicious: controls but tab and newline, invisible
# and bidirectional format characters, fillers, joiners, variation selectors, tags, surrogates.
_SUSPICIOUS_CLASS = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)
# Delimiters by which chat templates mark a turn; a model could take one in a document for real.
_DELIMITER = (
    r"<[|｜][^\s<>|｜]{1,40}[|｜]>|</?(?:start_of_turn|end_of_turn|s)>|\[/?(?:INST|SYSTEM_PROMPT)\]"
    r"|<</?SYS>>"
)

_SUSPICIOUS = re.compile(_SUSPICIOUS_CLASS)
_DELIMITERS = re.compile(_DELIMITER)
_DELIMITER_MARKS = ("<|", "<｜", "_turn>", "s>", "INST]", "_PROMPT]", "SYS>>")
_PLAIN = bytes((9, 10, *range(32, 127)))

_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile("\r\n?")
_ESCAPE_SEQUENCE = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]{0,64}[ -/]{0,8}[@-~]"
    "|(?:\x1b[\\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\\\|\x9c)"
    "|\x1b[ -/]{0,4}[0-~]"
)
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e00ff"
    "\U000e01f0-\U000e0fff]"
)
_SELECTOR = "[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
_JOINER = "[\u200c\u200d]"
_MARK_RUN = re.compile(f"(?:{_SELECTOR}|{_JOINER})+")
_DELIMITER_PARTS = re.compile(
    r"(<[|｜])([^\s<>|｜]{1,40})([|｜]>)|(<)(/?(?:start_of_turn|end_of_turn|s))(>)"
    r"|(\[)(/?(?:INST|SYSTEM_PROMPT))(\])|(<<)(/?SYS)(>>)"
)


def suspicious_spans(text: str) -> list[tuple[int, int]]:
    """Return spans of a text, in no order, outside of which clean_text would change nothing."""
    spans: list[tuple[int, int]] = []
    # Of ASCII the bytes that are left without the plain ones tell far faster.
    if not text.isascii() or text.encode().translate(None, _PLAIN):
        spans += [match.span() for match in _SUSPICIOUS.finditer(text)]
    if ("<" in text or "[" in text) and any(mark in text for mark in _DELIMITER_MARKS):
        spans += [match.span() for match in _DELIMITERS.finditer(text)]
    return spans


def clean_text(text: str) -> str:
    """Return the text without control, invisible and direction characters.

    Terminal escapes go as a whole, line ends become a newline, lone surrogates U+FFFD. Zero-width
    joiners stay after a character that is not ASCII, one variation selector after any visible
    character: scripts and emoji need them. Delimiters of chat templates are broken up by spaces.
    Cleaning twice changes nothing more.
    """
    if not suspicious_spans(text):
        return text
    text = _SURROGATE.sub("\ufffd", text)
    text = _LINE_END.sub("\n", text)
    text = _ESCAPE_SEQUENCE.sub("", text)
    text = _INVISIBLE.sub("", text)
    text = _MARK_RUN.sub(_needed_marks, text)
    return _DELIMITER_PARTS.sub(_broken_up, text)


def _needed_marks(match: re.Match[str]) -> str:
    """Keep of a run of selectors and joiners at most one of each, in that order."""
    start = match.start()
    base = match.string[start - 1] if start else " "
    if base.isspace():
        return ""
    run = match.group()
    selector = "" if run[0] in "\u200c\u200d" else run[0]
    joiner = next((mark for mark in run if mark in "\u200c\u200d"), "")
    # Between ASCII letters a joiner joins nothing; it only hides a word from a search.
    return selector + ("" if base.isascii() else joiner)


def _broken_up(match: re.Match[str]) -> str:
    return " ".join(part for part in match.groups() if part)
