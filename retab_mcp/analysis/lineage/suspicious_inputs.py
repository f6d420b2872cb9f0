"""Values in a step's inputs that look wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from retab_mcp.analysis.values.json_types import as_dict
from retab_mcp.analysis.values.schema_check import check_schema
from retab_mcp.analysis.values.walk import Place, pointer_of
from retab_mcp.digest.hidden import hidden_names
from retab_mcp.digest.pointer import resolve_pointer
from retab_mcp.digest.shape import shape
from retab_mcp.models import Json, StepPayload

# Problems, worst first: quoted in the error, missing, of a wrong type, unusual.
QUOTED = "quoted in the message"
NULL, EMPTY, WRONG_TYPE = "null", "empty", "wrong type for its schema"
NUMBER_AS_TEXT, OUTER_SPACE = "number as text", "leading or trailing space"
# Part of "string among integers": one item of another type than all the others.
ODD_TYPE = " among "
# Part of "contains U+200B".
UNSEEN = "contains "
_ORDER = (QUOTED, UNSEEN, ODD_TYPE, NULL, EMPTY, WRONG_TYPE, NUMBER_AS_TEXT, OUTER_SPACE)

# An amount: digits with separators or a currency. Bare digits are usually ids (invoice numbers,
# postcodes), for which text is right.
_AMOUNT = re.compile(
    r"\s*[-+]?(?:[€$£¥]\s?)?\d{1,3}(?:[.,' ]?\d{3})*(?:[.,]\d{1,2})?\s?(?:[A-Z]{3}|[€$£¥%])?\s*"
)
# What a message quotes: a value, a field or a type. Only values are searched for.
_QUOTATION = re.compile(r"'([^'\n]{2,80})'|\"([^\"\n]{2,80})\"|`([^`\n]{2,80})`")
_AMOUNT_MARK = re.compile(r"[.,€$£¥%]|\d\s?[A-Z]{3}\s*$")


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A value in a step's inputs that looks wrong.

    `path` points to the first such value in the step's record, `count` is the number of them whose
    paths differ in array indexes only. `origin` says in a line where the first one came from.
    """

    path: str
    problem: str
    value: Json
    count: int
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Suspicions:
    """The number of places that look wrong, and the first of them, worst and rarest first."""

    count: int
    first: list[Suspicion]


def suspicious_inputs(
    payload: StepPayload,
    schemas: Mapping[str, Json] | None = None,
    *,
    message: str = "",
    limit: int = 5,
) -> Suspicions:
    """Return the values in the inputs of `payload` that look wrong, at most `limit`.

    `schemas` are JSON Schemas by handle id, where known; they add values of a wrong type. Values
    that `message`, the error, quotes come first. Null and empty values can be right: whether they
    matter depends on the error.
    """
    finder = _SuspicionFinder(message)
    for handle, content in payload.handle_inputs.items():
        place: Place = ((None, "handle_inputs"), handle)
        finder.check_handle(content, place)
        if isinstance(content, dict):
            data = content.get("data")
            finder.check_schema(data, (place, "data"), (schemas or {}).get(handle))
            finder.check_types(data, (place, "data"))
    ordered = sorted(finder.found.values(), key=lambda each: (_rank(each.problem), each.count))
    return Suspicions(len(ordered), ordered[:limit])


def _rank(problem: str) -> int:
    return _ORDER.index(next((part for part in (UNSEEN, ODD_TYPE) if part in problem), problem))


class _SuspicionFinder:
    """Collects suspicious values by place and problem.

    Places that differ in array indexes only share a key in `found` and count as one.
    """

    def __init__(self, message: str) -> None:
        quotations = _QUOTATION.findall(message)
        self._quoted = frozenset(part for parts in quotations for part in parts if part)
        self.found: dict[tuple[object, str], Suspicion] = {}

    def check_handle(self, content: Json, place: Place) -> None:
        """Find a missing value or document, and problems in the data."""
        if content is None:
            self._add(place, str(place), NULL, None)
        elif isinstance(content, dict):
            document = content.get("document")
            if content.get("type") == "file" and not as_dict(document).get("id"):
                self._add((place, "document"), f"{place} document", NULL, document)
            elif "data" in content:
                self._check_data(content["data"], (place, "data"))

    def check_schema(self, data: Json, place: Place, schema: Json) -> None:
        """Find values whose type the schema does not allow."""
        if schema is not None:
            for fault in check_schema(data, schema, pointer_of(place)).mismatches:
                suspicion = Suspicion(fault.path, WRONG_TYPE, fault.value, fault.count)
                self.found[fault.path, WRONG_TYPE] = suspicion

    def check_types(self, data: Json, place: Place) -> None:
        """Find single array items of another type than all the others."""
        if not isinstance(data, list | dict):
            return
        prefix = pointer_of(place)
        for outlier in shape(data, prefix).outliers:
            if ODD_TYPE in outlier.why:
                value = resolve_pointer(data, outlier.path.removeprefix(prefix)).value
                self.found[outlier.path, ODD_TYPE] = Suspicion(outlier.path, outlier.why, value, 1)

    def _check_data(self, value: Json, place: Place) -> None:
        patterns: dict[tuple[int, str], int] = {}

        def below(pattern: int, token: str) -> int:
            # A pattern is a number, so that going down costs the same at any depth.
            return patterns.setdefault((pattern, token), len(patterns) + 1)

        stack: list[tuple[Json, Place, int]] = [(value, place, 0)]
        start = pointer_of(place)
        while stack:
            node, at, pattern = stack.pop()
            if isinstance(node, dict) and node:
                stack += [
                    (child, (at, key), below(pattern, "." + key))
                    for key, child in reversed(node.items())
                ]
            elif isinstance(node, list) and node:
                inner = below(pattern, "*")
                last = len(node) - 1
                stack += [(node[index], (at, index), inner) for index in range(last, -1, -1)]
            else:
                problem = _problem(node)
                if str(node) in self._quoted and not (problem and UNSEEN in problem):
                    problem = QUOTED
                if problem is not None:
                    self._add(at, (start, pattern), problem, node)

    def _add(self, place: Place, pattern: object, problem: str, value: Json) -> None:
        known = self.found.get((pattern, problem))
        if known is None:
            found = Suspicion(pointer_of(place), problem, value, 1)
        else:
            # `replace` would be slow, and this runs for each item of an array.
            found = Suspicion(known.path, problem, known.value, known.count + 1)
        self.found[pattern, problem] = found


def _problem(value: Json) -> str | None:
    if value is None:
        return NULL
    if isinstance(value, dict | list):
        return EMPTY
    if not isinstance(value, str):
        return None
    if not value.strip():
        return EMPTY
    hidden = hidden_names(value)
    if hidden:
        return f"{UNSEEN}{', '.join(hidden)}"
    if len(value) < 30 and _AMOUNT_MARK.search(value) and _AMOUNT.fullmatch(value):
        return NUMBER_AS_TEXT
    return OUTER_SPACE if value != value.strip() else None
