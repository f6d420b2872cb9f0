"""Shorten stack traces to the exceptions and the frames of the user's own code."""

import re

from retab_mcp.digest.text import clip
from retab_mcp.safety.nodes import Json

_MAX_LINE_TOKENS = 120  # of an exception with its message, or of a line of code

_PYTHON_FRAME = re.compile(
    r'^\s*File "(?P<file>[^"\n]+)", line (?P<line>\d+)(?:, in (?P<name>.+))?'
)
_JS_FRAME = re.compile(
    r"^\s*at (?:(?P<name>[^()\n]+?) \()?(?P<file>[^()\n]+?):(?P<line>\d+)(?::\d+)?\)?(?: \{)?\s*$"
)
_JAVA_FRAME = re.compile(r"^\s*at (?P<name>[^\s()]+)\((?P<file>[^()\n:]+):(?P<line>\d+)\)\s*$")
_LIBRARY_FILE = re.compile(
    r"site-packages|dist-packages|/lib/python\d|[\\/]Lib[\\/]|<frozen |node_modules|^node:"
    r"|^internal/|<anonymous>$|[\\/]runner[\\/]|[\\/]_?runner\.py$|asyncio[\\/]|importlib"
)
_JAVA_PLATFORM = re.compile(r"(?:java|javax|jakarta|jdk|sun|kotlin|scala)\.")
# The frames of another exception follow these lines.
_NEXT_IN_PYTHON = (
    "Traceback (most recent call last)",
    "During handling of the above exception",
    "The above exception was the direct cause",
)
_CAUSE = re.compile(r"\s*(?:Caused by|\[cause\]):\s*")


def stack_trace(text: str, limit: int = 5) -> Json:
    """Shorten a stack trace of Python, JavaScript or Java.

    Return {"exception", "caused_by"?, "frames", "frames_left_out"?}: the exception raised last
    with its message, the earlier ones of its chain, and at most `limit` frames of the user's own
    code, innermost last, as "file:line in function: code". If no frame is the user's, frames of
    libraries are shown. A text that is not a stack trace is returned unchanged.
    """
    lines = text.splitlines()
    if any(map(_PYTHON_FRAME.match, lines)):
        exceptions, frames = _read_python(lines)
    else:
        java = any(map(_JAVA_FRAME.match, lines))
        exceptions, frames = _read_innermost_first(lines, _JAVA_FRAME if java else _JS_FRAME)
    if not frames or not exceptions:
        return text
    own = [shown for is_own, shown in frames if is_own] or [shown for _, shown in frames]
    result: dict[str, Json] = {"exception": clip(exceptions[-1], _MAX_LINE_TOKENS)}
    if len(exceptions) > 1:
        result["caused_by"] = [clip(each, _MAX_LINE_TOKENS) for each in exceptions[:-1]]
    result["frames"] = own[-limit:]
    if len(frames) > len(result["frames"]):
        result["frames_left_out"] = len(frames) - len(result["frames"])
    return result


# Exceptions, the one raised last at the end, and frames, innermost last: a flag that is true for
# the user's own code, and the text.
_Read = tuple[list[str], list[tuple[bool, str]]]


def _read_python(lines: list[str]) -> _Read:
    exceptions: list[list[str]] = []
    frames: list[tuple[bool, str]] = []
    in_message = False
    for number, line in enumerate(lines):
        frame = _PYTHON_FRAME.match(line)
        if frame:
            frames.append((_is_own(frame), _frame_line(frame, _code_after(lines, number))))
        if frame or line.startswith(_NEXT_IN_PYTHON):
            in_message = False
        elif in_message:
            # Validators list faults in indented lines of their messages.
            exceptions[-1].append(line)
        elif line and not line[0].isspace():
            exceptions.append([line])
            in_message = True
    return ["\n".join(message).rstrip() for message in exceptions], frames


def _read_innermost_first(lines: list[str], pattern: re.Pattern[str]) -> _Read:
    exceptions: list[list[str]] = [[]]
    frames: list[tuple[bool, str]] = []
    in_message = True
    for line in lines:
        frame = pattern.match(line)
        cause = _CAUSE.match(line)
        if frame:
            frames.append((_is_own(frame), _frame_line(frame, "")))
            in_message = False
        elif cause:
            exceptions.append([line[cause.end() :]])
            in_message = True
        elif in_message:
            exceptions[-1].append(line)
    messages = ["\n".join(message).strip() for message in exceptions]
    return [message for message in reversed(messages) if message], frames[::-1]


def _is_own(frame: re.Match[str]) -> bool:
    if frame.re is _JAVA_FRAME:
        return not _JAVA_PLATFORM.match(frame["name"].rpartition("/")[2])
    return not _LIBRARY_FILE.search(frame["file"])


def _frame_line(frame: re.Match[str], code: str) -> str:
    name = f" in {frame['name'].strip()}" if frame["name"] else ""
    return f"{frame['file']}:{frame['line']}{name}{f': {code}' if code else ''}"


def _code_after(lines: list[str], number: int) -> str:
    following = lines[number + 1] if number + 1 < len(lines) else ""
    is_code = following.startswith("    ") and not _PYTHON_FRAME.match(following)
    return clip(following.strip(), _MAX_LINE_TOKENS) if is_code else ""
