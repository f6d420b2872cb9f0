"""Differences between two outputs by path, short enough to be shown."""

from dataclasses import dataclass
from itertools import islice
from math import inf, isclose, isfinite, log
from typing import TypeAlias

from retab_mcp.analysis.compare.json_diff import CHANGED, REORDERED, Change, differences
from retab_mcp.analysis.payloads.number_readings import number_readings
from retab_mcp.analysis.summary import short
from retab_mcp.analysis.values.json_types import json_type
from retab_mcp.digest.hidden import holds_hidden
from retab_mcp.models import Json, StepSummary

# How bad a change is: its class, and a size that orders changes of the class.
Severity: TypeAlias = tuple[int, float]
_NULL: Severity = (5, 0.0)
_OTHER_TYPE: Severity = (4, 0.0)
_OTHER_SIGN: Severity = (3, 0.0)
_PLAIN: Severity = (2, 0.0)
# Texts that differ in how the same number is written, or in white space.
_SPELLING: Severity = (1, 1.0)
_ROUNDING: Severity = (1, 0.0)
# A number that changed by a smaller share than this follows all that changed more.
SLIGHT = 1e-4

# Maximum changes counted in one value; beyond it, the values are just different.
MAX_CHANGES = 2_000
# Maximum paths listed for one value; rows of an array count as one.
MAX_PATHS = 20
# Tokens of a changed value; get_step has all of it.
VALUE_TOKENS = 40
# A text of at most this many characters is never cut, so its tokens need not be counted.
SHORT_TEXT = 60


# Two numbers that differ by less than this share of the larger one differ by rounding only: a sum
# in another order of 64-bit floats is off by about 1e-15 for each of its terms.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class PathChange:
    """A change at one path, in `count` rows if the path is inside an array.

    `change` is the worst of them, with short values; `rounding` of them are rounding errors. `step`
    is the step of the first run in which it is, where changes of several steps are merged.
    """

    change: Change
    count: int
    rounding: int = 0
    severity: Severity = _PLAIN
    step: StepSummary | None = None

    @property
    def is_minor(self) -> bool:
        """Return whether only the order of items or the rounding of numbers changed."""
        return self.change.kind == REORDERED or self.rounding == self.count

    def merged(self, later: "PathChange") -> "PathChange":
        """Return both as one, which shows the worse of them, else the first."""
        worst = later if later.severity > self.severity else self
        return PathChange(
            worst.change,
            self.count + later.count,
            self.rounding + later.rounding,
            worst.severity,
            worst.step,
        )


def path_changes(value: Json, other: Json) -> tuple[PathChange, ...]:
    """Return the differences between two values, rows of an array as one, at most MAX_PATHS.

    Slight changes of numbers, of spelling and rounding errors come last.
    """
    found: dict[object, PathChange] = {}
    for change in islice(differences(value, other), MAX_CHANGES):
        severity = severity_of(change)
        one = PathChange(change, 1, int(severity == _ROUNDING), severity)
        key = change.kind, change.folded
        known = found.get(key)
        found[key] = one if known is None else known.merged(one)
    ordered = sorted(found.values(), key=lambda each: _place_of(each.severity))
    return tuple(
        PathChange(_to_show(each.change), each.count, each.rounding, each.severity)
        for each in ordered[:MAX_PATHS]
    )


def severity_of(change: Change) -> Severity:
    """Return how bad a change is: its class, then within numbers the logarithm of their ratio.

    A value that became null (or was null) is the worst, then another type, then a number of another
    sign or from or to 0, then numbers by ratio and texts; then numbers that are written differently
    and white space; rounding errors come last.
    """
    value, other = change.value, change.other
    if change.kind != CHANGED:
        return _PLAIN
    if value is None or other is None:
        return _NULL
    if json_type(value) != json_type(other):
        return _OTHER_TYPE
    try:
        if isinstance(value, str):
            return _of_texts(value, str(other))
        return _of_numbers(value, other) if json_type(value) == "number" else _PLAIN
    except OverflowError:
        # An integer beyond the range of floats.
        return _PLAIN[0], inf


def _place_of(severity: Severity) -> int:
    """Return in which order changes are shown: slight ones, spelling and rounding come last."""
    if severity[0] > _SPELLING[0]:
        return int(severity[0] == _PLAIN[0] and 0 < severity[1] < SLIGHT)
    return 2 if severity == _SPELLING else 3


def _of_texts(value: str, other: str) -> Severity:
    if len(value) > SHORT_TEXT or len(other) > SHORT_TEXT:
        return _PLAIN
    if value.split() == other.split():
        # Characters that cannot be seen are no spelling.
        return _PLAIN if holds_hidden(value) or holds_hidden(other) else _SPELLING
    readings, other_readings = number_readings(value), number_readings(other)
    if len(readings) != 1 or len(other_readings) != 1:
        return _PLAIN
    if readings == other_readings:
        return _SPELLING
    return _of_numbers(float(readings[0]), float(other_readings[0]))


def _of_numbers(value: float, other: float) -> Severity:
    if isclose(value, other, rel_tol=ROUNDING, abs_tol=0.0):
        return _ROUNDING
    if value == 0 or other == 0 or (value < 0) != (other < 0):
        return _OTHER_SIGN
    ratio = abs(value / other)
    return _PLAIN[0], abs(log(ratio)) if ratio > 0 and isfinite(ratio) else inf


def _to_show(change: Change) -> Change:
    # `replace` would take three times as long, and this runs for each changed step.
    value, other = _shown(change.value), _shown(change.other)
    return Change(change.kind, change.place, change.other_place, value, other)


def _shown(value: Json) -> Json:
    if isinstance(value, dict | list) or (isinstance(value, str) and len(value) > SHORT_TEXT):
        return short(value, VALUE_TOKENS)
    return value
