"""Values in a step's inputs that look wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from retab_mcp.analysis.values.json_types import as_dict
from retab_mcp.analysis.values.schema_check import check_schema
from retab_mcp.analysis.values.walk import Place, pointer_of
from retab_mcp.digest.pointer import resolve_pointer
from retab_mcp.digest.shape import shape
from retab_mcp.models import Json, StepPayload

# Problems, worst first: quoted in the error, missing, of a wrong type, and what only looks odd.
QUOTED = "quoted in the message"
NULL, EMPTY, WRONG_TYPE = "null", "empty", "wrong type for its schema"
NUMBER_AS_TEXT, OUTER_SPACE = "number as text", "leading or trailing space"
# Part of "string among integers": one item of another type than all the others.
ODD_TYPE = " among "
_ORDER = (QUOTED, ODD_TYPE, NULL, EMPTY, WRONG_TYPE, NUMBER_AS_TEXT, OUTER_SPACE)

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
    paths differ in array indexes only.
    """

    path: str
    problem: str
    value: Json
    count: int


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
    found: dict[tuple[object, str], Suspicion] = {}
    quoted = frozenset(part for parts in _QUOTATION.findall(message) for part in parts if part)
    for handle, content in payload.handle_inputs.items():
        prefix: Place = ((None, "handle_inputs"), handle)
        _look_at_handle(content, prefix, quoted, found)
        schema = (schemas or {}).get(handle)
        if schema is not None and isinstance(content, dict):
            data = (prefix, "data")
            report = check_schema(content.get("data"), schema, pointer_of(data))
            for fault in report.mismatches:
                key = (fault.path, WRONG_TYPE)
                found[key] = Suspicion(fault.path, WRONG_TYPE, fault.value, fault.count)
        if isinstance(content, dict) and isinstance(content.get("data"), list | dict):
            for outlier in shape(content["data"], pointer_of((prefix, "data"))).outliers:
                if ODD_TYPE in outlier.why:
                    value = resolve_pointer(
                        {"handle_inputs": payload.handle_inputs}, outlier.path
                    ).value
                    odd = Suspicion(outlier.path, outlier.why, value, 1)
                    found[outlier.path, ODD_TYPE] = odd
    ordered = sorted(found.values(), key=lambda each: (_rank(each.problem), each.count))
    return Suspicions(len(ordered), ordered[:limit])


def _rank(problem: str) -> int:
    return _ORDER.index(ODD_TYPE if ODD_TYPE in problem else problem)


def _look_at_handle(
    content: Json,
    prefix: Place,
    quoted: frozenset[str],
    found: dict[tuple[object, str], Suspicion],
) -> None:
    if content is None:
        _note(found, prefix, str(prefix), NULL, None)
    elif isinstance(content, dict):
        if content.get("type") == "file" and not as_dict(content.get("document")).get("id"):
            _note(found, (prefix, "document"), f"{prefix} document", NULL, content.get("document"))
        elif "data" in content:
            _look_at(content["data"], (prefix, "data"), quoted, found)


def _look_at(
    value: Json,
    place: Place,
    quoted: frozenset[str],
    found: dict[tuple[object, str], Suspicion],
) -> None:
    """Find problems in a value; places that differ in array indexes only count as one."""
    patterns: dict[tuple[int, str], int] = {}

    def below(pattern: int, token: str) -> int:
        # A pattern is a number, so that going down costs the same at any depth.
        return patterns.setdefault((pattern, token), len(patterns) + 1)

    stack: list[tuple[Json, Place, int]] = [(value, place, 0)]
    start = pointer_of(place)
    while stack:
        node, at, pattern = stack.pop()
        if isinstance(node, dict) and node:
            stack += [(child, (at, key), below(pattern, "." + key)) for key, child in node.items()][
                ::-1
            ]
        elif isinstance(node, list) and node:
            inner = below(pattern, "*")
            stack += [(child, (at, index), inner) for index, child in enumerate(node)][::-1]
        else:
            problem = QUOTED if str(node) in quoted else _problem(node)
            if problem is not None:
                _note(found, at, (start, pattern), problem, node)


def _note(
    found: dict[tuple[object, str], Suspicion],
    place: Place,
    pattern: object,
    problem: str,
    value: Json,
) -> None:
    known = found.get((pattern, problem))
    if known is None:
        found[pattern, problem] = Suspicion(pointer_of(place), problem, value, 1)
    else:
        found[pattern, problem] = Suspicion(known.path, problem, known.value, known.count + 1)


def _problem(value: Json) -> str | None:
    if value is None:
        return NULL
    if isinstance(value, dict | list):
        return EMPTY
    if not isinstance(value, str):
        return None
    if not value.strip():
        return EMPTY
    if len(value) < 30 and _AMOUNT_MARK.search(value) and _AMOUNT.fullmatch(value):
        return NUMBER_AS_TEXT
    return OUTER_SPACE if value != value.strip() else None
