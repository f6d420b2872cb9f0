"""Check extracted data against its JSON Schema: required fields and types.

The cost depends on how varied the data is, not on its length: array items with the same keys and
types fail in the same way, so one of each kind is checked for all.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from retab_mcp.analysis.values.walk import Place, pointer_of
from retab_mcp.models import Json

# The library is recursive: a value nested deeper than this is not checked.
MAX_DEPTH = 40
# Array items checked, after equal kinds are merged: about a second of work.
MAX_CHECKED = 5_000

_Tokens = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class MissingField:
    """A required field that is null (`path` points to it) or missing (`path` is its object's).

    `nullable` says that the schema allows the null. `count` is the number of places whose paths
    differ in array indexes only; `path` is the first of them.
    """

    path: str
    field: str
    problem: str
    nullable: bool
    count: int


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A value of a type that the schema does not allow; `count` as in MissingField."""

    path: str
    expected: str
    value: Json
    count: int


@dataclass(frozen=True, slots=True)
class SchemaReport:
    """The result of a check; `unchecked` says why nothing was checked, None if it was."""

    missing: list[MissingField] = field(default_factory=list)
    mismatches: list[Mismatch] = field(default_factory=list)
    unchecked: str | None = None


def check_schema(value: Json, schema: Json, prefix: str = "") -> SchemaReport:
    """Check `value` against `schema`: required fields and types, no other keywords.

    Pointers begin with `prefix`, the pointer of `value`. Only references inside the schema are
    followed. An invalid schema gives a report with `unchecked`.
    """
    if not isinstance(schema, dict):
        return SchemaReport(unchecked="the schema is not an object")
    if _deeper_than(value, MAX_DEPTH):
        return SchemaReport(unchecked=f"the data is nested deeper than {MAX_DEPTH}")
    sample = _Sample()
    reduced = sample.reduce(value)[0]
    if sample.size > MAX_CHECKED:
        return SchemaReport(unchecked="the data is too varied to check in time")
    try:
        faults = list(_faults(_validator(schema).iter_errors(reduced)))
    except Exception as error:  # an unchecked schema can make the library raise anything
        return SchemaReport(unchecked=f"the schema is invalid ({type(error).__name__})")
    return _report(faults, reduced, sample, prefix)


def _deeper_than(value: Json, depth: int) -> bool:
    level = [value]
    for _ in range(depth):
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
        ]
        if not level:
            return False
    return True


class _Sample:
    """A copy of the data in which each array keeps one item of each kind."""

    def __init__(self) -> None:
        self.size = 0
        # By id of a reduced list: the index that each item had, and how many items it represents.
        self.origin: dict[int, list[tuple[int, int]]] = {}
        self._kinds: dict[object, int] = {}

    def reduce(self, value: Json) -> tuple[Json, int]:
        """Return the reduced value and its kind, a number shared by values of the same types."""
        if isinstance(value, dict):
            members = {key: self.reduce(member) for key, member in value.items()}
            kind = frozenset((key, number) for key, (_, number) in members.items())
            return {key: member for key, (member, _) in members.items()}, self._number(kind)
        if isinstance(value, list):
            return self._reduce_list(value)
        if isinstance(value, float) and value.is_integer():
            return value, self._number(int)  # 1.0 is an integer in JSON Schema
        return value, self._number(type(value))

    def _reduce_list(self, items: list[Json]) -> tuple[Json, int]:
        first: dict[int, tuple[int, Json]] = {}
        counts: Counter[int] = Counter()
        for index, item in enumerate(items):
            size = self.size
            reduced, kind = self.reduce(item)
            if kind in first:
                self.size = size
            else:
                first[kind] = (index, reduced)
                self.size += 1
            counts[kind] += 1
        kept = [item for _, item in first.values()]
        self.origin[id(kept)] = [(index, counts[kind]) for kind, (index, _) in first.items()]
        return kept, self._number(frozenset(counts.items()))

    def _number(self, kind: object) -> int:
        return self._kinds.setdefault(kind, len(self._kinds))


@dataclass(frozen=True, slots=True)
class _Fault:
    tokens: _Tokens
    problem: str
    field: str = ""
    nullable: bool = False
    expected: str = ""
    value: Json = None


@cache
def _validator_class() -> Any:
    """Return a JSON Schema validator for the structural keywords only.

    Other keywords say nothing about presence or type, and the cost of some (`pattern`,
    `uniqueItems`) has no bound. `oneOf` is read as `anyOf`, since without the other keywords more
    than one branch can match.
    """
    from jsonschema import Draft202012Validator, validators  # late: costs start-up time

    standard = Draft202012Validator.VALIDATORS
    kept = ("$ref", "$dynamicRef", "type", "properties", "items", "prefixItems", "anyOf", "allOf")
    keywords = {name: standard[name] for name in kept}
    keywords |= {"oneOf": standard["anyOf"], "required": _required}
    return validators.create(Draft202012Validator.META_SCHEMA, keywords)


def _validator(schema: dict[str, Json]) -> Any:
    from referencing import Registry

    # An explicit registry: without one the library fetches remote references.
    return _validator_class()(schema, registry=Registry())


def _required(validator: Any, required: Json, instance: Json, schema: Json) -> Iterator[Any]:
    """Check `required`, and report required fields that are null as well as missing ones."""
    from jsonschema import ValidationError

    if not isinstance(instance, dict) or not isinstance(required, list):
        return
    properties = schema.get("properties")
    for name in required:
        if not isinstance(name, str):
            continue  # not the name of a field
        if name not in instance:
            yield ValidationError("missing", instance=(name, False))
        elif instance[name] is None:
            own = properties.get(name) if isinstance(properties, dict) else None
            nullable = own is None or validator.evolve(schema=own).is_valid(None)
            yield ValidationError("null", path=(name,), instance=(name, nullable))


def _faults(errors: Any, base: _Tokens = ()) -> Iterator[_Fault]:
    for error in errors:
        tokens = base + tuple(error.relative_path)
        if error.validator == "required":
            name, nullable = error.instance
            yield _Fault(tokens, error.message, field=name, nullable=nullable)
        elif error.validator == "type":
            expected = error.validator_value
            text = expected if isinstance(expected, str) else " or ".join(map(str, expected))
            yield _Fault(tokens, "type", expected=text, value=error.instance)
        elif error.context:
            yield from _branch_faults(error, tokens)


def _branch_faults(error: Any, tokens: _Tokens) -> Iterator[_Fault]:
    """Yield the faults of the union branch whose type matches, else one for the union."""
    branches: dict[int, list[Any]] = {}
    for inner in error.context:
        branches.setdefault(inner.schema_path[0], []).append(inner)
    fitting = [faults for faults in branches.values() if not any(map(_is_own_type, faults))]
    if fitting:
        yield from _faults(min(fitting, key=len), tokens)
        return
    expected = [
        fault.validator_value
        for faults in branches.values()
        for fault in faults
        if _is_own_type(fault)
    ]
    names = [name for one in expected for name in ([one] if isinstance(one, str) else one)]
    text = " or ".join(dict.fromkeys(map(str, names)))
    yield _Fault(tokens, "type", expected=text, value=error.instance)


def _is_own_type(error: Any) -> bool:
    return error.validator == "type" and not error.relative_path


def _report(faults: list[_Fault], reduced: Json, sample: _Sample, prefix: str) -> SchemaReport:
    missing: dict[object, MissingField] = {}
    mismatches: dict[object, Mismatch] = {}
    named = {fault.tokens for fault in faults if fault.problem == "null"}
    for fault in faults:
        place, pattern, count = _original(fault.tokens, reduced, sample)
        path = pointer_of(place, prefix)
        if fault.problem != "type":
            key: object = (pattern, fault.field, fault.problem)
            known = missing.get(key)
            missing[key] = MissingField(
                known.path if known else path,
                fault.field,
                fault.problem,
                fault.nullable,
                count + (known.count if known else 0),
            )
        elif fault.value is not None or fault.tokens not in named:
            key = (pattern, fault.expected, type(fault.value))
            seen = mismatches.get(key)
            mismatches[key] = Mismatch(
                seen.path if seen else path,
                fault.expected,
                seen.value if seen else fault.value,
                count + (seen.count if seen else 0),
            )
    return SchemaReport(
        sorted(missing.values(), key=lambda entry: entry.nullable), list(mismatches.values())
    )


def _original(tokens: _Tokens, node: Json, sample: _Sample) -> tuple[Place, _Tokens, int]:
    """Return where in the data a fault of the sample is.

    The result is its first place, its path with `*` for indexes, and the number of places.
    """
    place: Place = None
    pattern: list[str | int] = []
    count = 1
    for token in tokens:
        if isinstance(node, list) and isinstance(token, int):
            index, alike = sample.origin[id(node)][token]
            place, count = (place, index), count * alike
            pattern.append("*")
            node = node[token]
        else:
            place = (place, token)
            pattern.append(token)
            node = node.get(token) if isinstance(node, dict) else None
    return place, tuple(pattern), count
