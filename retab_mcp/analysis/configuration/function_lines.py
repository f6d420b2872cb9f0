"""Find the lines of a function around the one that raised."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.analysis.lineage.matching.function_source import source_of
from retab_mcp.analysis.values.json_types import as_dict
from retab_mcp.digest.stack_trace import stack_trace
from retab_mcp.digest.text import clip
from retab_mcp.models import Json

# Lines shown before and after the one that raised.
AROUND = 1
LINE_BUDGET = 40
# A frame as `stack_trace` writes it: file:line in function: code.
_FRAME = re.compile(r":(?P<line>\d+)(?: in (?P<name>[^:]*))?(?:: (?P<code>.*))?$")
_QUOTED = re.compile(r"'([^'\n]{2,60})'")


@dataclass(frozen=True)
class FunctionLines:
    """Some lines of a function's source, numbered; `number` is that of the one that matters."""

    number: int
    lines: tuple[str, ...]


def function_lines(config: Mapping[str, Json], cause: RootCause) -> FunctionLines | None:
    """Return the lines around the innermost frame that is in the source.

    Without a trace it is the only line that has the key or name which the message quotes. None
    where the source is unknown or no line is meant.
    """
    source = source_of(config)
    if source is None:
        return None
    lines = source.splitlines()
    number = _raised_at(_frames(cause), lines) or _quoting(cause.message, lines)
    if number is None:
        return None
    first = max(1, number - AROUND)
    shown = tuple(
        f"{at}: {clip(line.rstrip(), LINE_BUDGET)}"
        for at, line in enumerate(lines[first - 1 : number + AROUND], first)
        if line.strip()
    )
    return FunctionLines(number, shown)


def _frames(cause: RootCause) -> list[str]:
    trace = cause.evidence.get("stack_trace")
    if trace is None and cause.details is not None and cause.details.stack_trace:
        trace = stack_trace(cause.details.stack_trace)
    frames = as_dict(trace).get("frames")
    return [frame for frame in frames if isinstance(frame, str)] if isinstance(frames, list) else []


def _raised_at(frames: list[str], lines: list[str]) -> int | None:
    """Return the line of the innermost frame whose code the source has."""
    for frame in reversed(frames):
        found = _FRAME.search(frame)
        if found is None:
            continue
        number, code = int(found["line"]), (found["code"] or "").strip().removesuffix("…")
        if not code:
            if 1 <= number <= len(lines):
                return number
            continue
        if 1 <= number <= len(lines) and lines[number - 1].strip().startswith(code):
            return number
        # A runner can wrap the source, which shifts its lines.
        equal = [at for at, line in enumerate(lines, 1) if line.strip().startswith(code)]
        if len(equal) == 1:
            return equal[0]
    return None


def _quoting(message: str, lines: list[str]) -> int | None:
    for quoted in _QUOTED.findall(message):
        found = [
            at for at, line in enumerate(lines, 1) if re.search(rf"\b{re.escape(quoted)}\b", line)
        ]
        if len(found) == 1:
            return found[0]
    return None
