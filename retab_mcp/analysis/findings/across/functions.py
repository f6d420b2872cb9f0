"""Rules about functions: a number of another order of magnitude, a value that became null."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from retab_mcp.analysis.code_steps import CODE_TYPES
from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings.across.step_values import values_of
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.analysis.payloads.field_pairs import FieldPair, changed_fields
from retab_mcp.analysis.payloads.number_readings import number_readings, power_of_ten, unit_of
from retab_mcp.analysis.payloads.same_meaning import means_nothing
from retab_mcp.analysis.payloads.unit_words import (
    name_words,
    names_conversion,
    names_rate,
    names_units,
    unit_changed,
)
from retab_mcp.analysis.summary import quoted
from retab_mcp.analysis.values.walk import path_tokens, pointer_of
from retab_mcp.models import FindingKind, Json, Status, StepSummary

# A text that became a number this many times larger or smaller was misread, not rounded.
MISREAD_TIMES = 9
# A loop may run thousands of functions that all do the same.
MAX_PER_BLOCK = 50
# Texts that a program writes for a value that it does not have.
_NO_VALUE = ("", "NaN", "nan", "undefined", "null", "None")
# Words of a function that is meant to change signs, and of records whose sign is in a word.
_SIGN_WORDS = frozenset(
    ("abs", "absolute", "negate", "invert", "reverse", "flip", "sign", "credit", "debit")
) | {"gutschrift", "haben", "soll", "abono", "avoir", "refund", "discount", "rabatt"}
# Words in the name of a function that is meant to empty fields.
_EMPTIES = frozenset(
    ("anonymize", "anonymise", "redact", "mask", "clear", "reset", "blank", "remove", "hide")
)


def find_changed_values(facts: RunFacts) -> Iterator[Finding]:
    """Yield a finding for each field that a function changed by an order of magnitude or lost."""
    counts: dict[str, int] = {}
    for step in facts.steps:
        if step.type not in CODE_TYPES or step.status != Status.COMPLETED:
            continue
        if counts.get(step.block_id, 0) >= MAX_PER_BLOCK:
            continue
        found = list(_changes_of(step, facts))
        counts[step.block_id] = counts.get(step.block_id, 0) + len(found)
        yield from found


@dataclass(slots=True)
class _Group:
    """The first of several changes of the same field in rows of the same array."""

    kind: FindingKind
    pair: FieldPair
    count: int = 1


def _changes_of(step: StepSummary, facts: RunFacts) -> Iterator[Finding]:
    values = values_of(step, facts)
    if values is None:
        return
    label = f"{step.label or ''} {step.block_id}"
    groups: dict[tuple[FindingKind, object], _Group] = {}
    for pair in changed_fields(values.inputs, values.outputs):
        kind = _kind_of(pair, label)
        if kind is None:
            continue
        key = (kind, tuple("*" if isinstance(t, int) else t for t in path_tokens(pair.place_after)))
        if key in groups:
            groups[key].count += 1
        else:
            groups[key] = _Group(kind, pair)
    for group in groups.values():
        found = _finding(group)
        yield found.from_artifact(step) if step.artifact is not None else found.about(step)


def _finding(group: _Group) -> Finding:
    pair = group.pair
    reading = number_readings(pair.before)
    value = quoted(pair.before)
    if isinstance(pair.before, str) and reading and group.kind == FindingKind.NUMBER_CHANGED:
        value += f" ({_plain(reading[0])})"
    message = f"{pair.name}: {value} became {quoted(pair.after)}"
    if group.count > 1:
        message += f", and alike in {group.count - 1} more rows"
    return Finding(
        group.kind,
        message,
        "inputs and outputs",
        paths=(pointer_of(pair.place_after), pointer_of(pair.place_before)),
        field=pair.name,
    )


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _kind_of(pair: FieldPair, label: str) -> FindingKind | None:
    if pair.after is None or pair.after in _NO_VALUE:
        return FindingKind.VALUE_LOST if _is_lost(pair, label) else None
    return FindingKind.NUMBER_CHANGED if _is_misread(pair, label) else None


def _is_lost(pair: FieldPair, label: str) -> bool:
    """Return whether a value was emptied that meant something and is nowhere else in the record.

    False and 0 often mean nothing, so their loss says nothing.
    """
    if means_nothing(pair.before) or pair.before in (False, 0) or name_words(label) & _EMPTIES:
        return False
    moved = any(value == pair.before for value in pair.record_after.values())
    return not moved


def _is_misread(pair: FieldPair, label: str) -> bool:
    before, after = number_readings(pair.before), number_readings(pair.after)
    # "1.234" is 1234 or 1.234: which of them is right is not known.
    if len(before) != 1 or len(after) != 1 or not before[0] or _is_worded(pair):
        return False
    power = power_of_ten(after[0], before[0])
    from_text = isinstance(pair.before, str)
    if from_text and after[0] == -before[0]:
        return _lost_sign(pair, label)
    if not (power or (from_text and _is_far(before[0], after[0]))):
        return False
    return not (
        _is_converted(pair, label)
        or (power in (2, -2) and (names_rate(pair.name) or "%" in str(pair.before)))
        or _has_factor(pair.record_before, power)
    )


def _is_worded(pair: FieldPair) -> bool:
    """Return whether a number was written as a text that is no plain number, or is an id."""
    if not isinstance(pair.after, str):
        return False
    has_words = any(character.isalpha() for character in pair.after)
    return has_words or not isinstance(pair.before, str) or not {".", ","} & set(pair.before)


def _lost_sign(pair: FieldPair, label: str) -> bool:
    """Return whether a sign was misread, not moved to another field or dropped by intent."""
    has_new_field = any(name not in pair.record_before for name in pair.record_after)
    texts = (label, pair.name, *(v for v in pair.record_after.values() if isinstance(v, str)))
    return not has_new_field and not any(name_words(text) & _SIGN_WORDS for text in texts)


def _is_far(value: Decimal, other: Decimal) -> bool:
    return abs(other) * MISREAD_TIMES < abs(value) or abs(value) * MISREAD_TIMES < abs(other)


def _is_converted(pair: FieldPair, label: str) -> bool:
    """Return whether names, units next to the field, or the function's name say "conversion"."""
    before_name = path_tokens(pair.place_before)[-1]
    return (
        names_conversion(str(before_name), pair.name)
        or unit_changed(pair.record_before, pair.record_after)
        or names_units(label)
        or bool(unit_of(pair.before))
    )


def _has_factor(record: dict[str, Json], power: int | None) -> bool:
    """Return whether the record has the factor as a value, such as a quantity of 10."""
    factor = Decimal(10) ** abs(power) if power else None
    return factor is not None and any(
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and Decimal(str(value)) == factor
        for value in record.values()
    )
