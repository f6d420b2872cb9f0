"""Find in the body of a response that the request failed, whatever its status says."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from retab_mcp.analysis.responses import refusal_words as words
from retab_mcp.analysis.responses.markup import fault_in_xml
from retab_mcp.analysis.responses.written_outcomes import (
    failed_results,
    nothing_but_a_complaint,
    refused_flags,
    refused_outcomes,
)
from retab_mcp.analysis.summary import short
from retab_mcp.analysis.values.json_types import as_dict, as_dicts, as_text
from retab_mcp.digest.compact import compact_json
from retab_mcp.digest.pointer import format_pointer
from retab_mcp.models import Json

# Wrappers are opened this deep: an envelope, its body, and the result in it.
MAX_WRAPPERS = 3
# HTTP statuses that a body may repeat.
_FIRST_SUCCESS, _FIRST_REFUSAL, _LAST_STATUS = 200, 400, 599
# A field named error among at least this many others that are data is data itself; a text without a
# word of complaint, among any.
_DATA_FIELDS = 3
# Tokens of the value that is quoted.
_VALUE_TOKENS = 24
# Depth to which the message of an error is looked for.
_MESSAGE_DEPTH = 4
# Results of a batch that are looked at; the first that was refused is quoted.
_MAX_RESULTS = 1_000
# A text that begins with JSON is parsed up to this length.
_MAX_TEXT = 1_000_000

# The fields of an object by plain name: each with its own name and its value.
_Fields = dict[str, tuple[str, Json]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What says that a request failed: a sentence with the value, and its pointer in the body."""

    says: str
    path: str = ""


def refusal_in(body: Json, *, writes: bool) -> Refusal | None:
    """Return what in a body says that the request failed, None if nothing does.

    With `writes`, the request was sent to change something. Else, words such as "rejected" in the
    items of a list, and counts, are data that was asked for.
    """
    if isinstance(body, str):
        return _in_text(body, writes)
    if isinstance(body, list):
        return _in_results(body, "", writes)
    return _in_object(as_dict(body), (), writes)


def _in_text(body: str, writes: bool) -> Refusal | None:
    begin = body.lstrip()[:1]
    if begin in {"{", "["} and len(body) <= _MAX_TEXT:
        try:
            parsed = json.loads(body)
        except (ValueError, RecursionError):
            return None
        found = refusal_in(parsed, writes=writes)
        # Pointers into a text lead nowhere.
        return found and replace(found, path="")
    if begin == "<":
        fault = fault_in_xml(body)
        return Refusal(fault) if fault else None
    return Refusal(f"text: {_value(body.strip())}") if words.reports_error(body) else None


def _in_object(body: dict[str, Json], place: tuple[str, ...], writes: bool) -> Refusal | None:
    fields = {words.spelling(name): (name, value) for name, value in body.items()}
    checks = (
        _flags(body, fields, place, writes),
        _errors(body, fields, place, writes),
        _outcomes(body, fields, place),
        _codes(body, fields, place),
        _severities(body, fields, place),
        _counts(fields, place) if writes else iter(()),
        _written(fields, place) if writes else iter(()),
        _batches(fields, place, writes),
    )
    found = next(chain.from_iterable(checks), None)
    if found is not None or len(place) >= MAX_WRAPPERS:
        return found
    for plain, (name, value) in fields.items():
        if isinstance(value, dict) and (plain in words.WRAPPERS or _is_wrapper(plain, fields)):
            found = _in_object(value, (*place, name), writes)
            if found is not None:
                return found
    return None


def _is_wrapper(plain: str, fields: _Fields) -> bool:
    """Return whether a body has only this field, which then holds all of it."""
    return len(fields) == 1 or plain.endswith(("response", "envelope", "body", "result"))


def _flags(
    body: dict[str, Json], fields: _Fields, place: tuple[str, ...], writes: bool
) -> Iterator[Refusal]:
    for plain, (name, value) in fields.items():
        said = as_text(value).strip().casefold()
        # 0, and a status of false, are a flag where a message goes with them; else they may count.
        weak = (value is False and plain in words.OUTCOME_FIELDS) or (
            plain in words.SUCCESS_FLAGS and _whole(value) == 0
        )
        if (
            (plain in words.SUCCESS_FLAGS and (value is False or said == "false"))
            or (plain in words.FAILURE_FLAGS and (value is True or said == "true"))
            or (plain in words.SUCCESS_FLAGS and said in words.NO and _message_in(body))
            or (weak and words.complains(_message_in(body)))
        ):
            # The results of a batch say more than the flag over them.
            if not _message_in(body):
                yield from _batches(fields, place, writes)
            yield _refusal(body, (*place, name), value)


def _errors(
    body: dict[str, Json], fields: _Fields, place: tuple[str, ...], writes: bool
) -> Iterator[Refusal]:
    others = sum(plain not in words.ENVELOPE_FIELDS for plain in fields)
    for plain, (name, value) in fields.items():
        listed = isinstance(value, list) and (
            plain.endswith("errors") or (writes and plain in words.FAILURE_FLAGS)
        )
        if (plain in words.ERROR_FIELDS or listed) and _is_error(plain, value, others, writes):
            said = _message_in(value)
            shown = f"{name}: {_value(said)}" if said else f"{name} is {_value(value)}"
            yield Refusal(shown, format_pointer((*place, name)))


def _is_error(plain: str, value: Json, others: int, writes: bool) -> bool:
    """Return whether the value of an error field reports one, next to `others` that are data."""
    alone = others < _DATA_FIELDS
    # A measured error, or a title, is not named so.
    explicit = plain.endswith(words.MESSAGE_ENDS) and plain != "errors"
    if isinstance(value, str):
        return (
            not words.denies_error(value)
            and any(map(str.isalpha, value))
            and (not others or (alone and (words.complains(value) or explicit)))
        )
    if isinstance(value, list):
        return (alone or writes) and any(isinstance(item, dict | str) and item for item in value)
    if isinstance(value, dict):
        code = value.get("code")
        known = {words.spelling(name) for name, held in value.items() if held not in (None, "", [])}
        if not known or code in (0, "0"):
            return False
        # An object of another shape, such as a table of measured errors, is data.
        return bool(known.intersection(words.MESSAGE_FIELDS)) or (alone and _holds_text(value))
    return False


def _holds_text(value: dict[str, Json]) -> bool:
    return any(isinstance(held, str | list) and held for held in value.values())


def _outcomes(body: dict[str, Json], fields: _Fields, place: tuple[str, ...]) -> Iterator[Refusal]:
    for plain, (name, value) in fields.items():
        if plain in words.OUTCOME_FIELDS and words.means_refused(as_text(value)):
            yield _refusal(body, (*place, name), value)


def _written(fields: _Fields, place: tuple[str, ...]) -> Iterator[Refusal]:
    written = chain(refused_flags(fields), failed_results(fields), refused_outcomes(fields))
    for name, value, why in written:
        said = f": {_value(why)}" if why else ""
        yield Refusal(f"{name} is {_value(value)}{said}", format_pointer((*place, name)))
    if complaint := nothing_but_a_complaint(fields):
        yield Refusal(f"it holds nothing but {_value(complaint)}", format_pointer(place))


def _codes(body: dict[str, Json], fields: _Fields, place: tuple[str, ...]) -> Iterator[Refusal]:
    others = sum(plain not in words.ENVELOPE_FIELDS for plain in fields)
    for plain, (name, value) in fields.items():
        number = _whole(value)
        # "code" is as often that of an article, and its description no explanation.
        explains = words.EXPLANATIONS if plain == "code" else words.MESSAGE_FIELDS
        repeats_status = (
            plain in words.STATUS_CODES
            and _FIRST_REFUSAL <= (number or 0) <= _LAST_STATUS
            and others < _DATA_FIELDS
            and (_has(fields, explains, plain) or _wrapped_message(body))
        )
        named = (
            plain in words.RESULT_CODES
            and number
            and not _FIRST_SUCCESS <= number < _FIRST_REFUSAL
            and others < _DATA_FIELDS
            and words.complains(_message_of(fields, words.EXPLANATIONS))
        )
        coded = plain in words.ERROR_CODES and (
            number
            or (
                bool(as_text(value).strip(" 0"))
                and not words.denies_error(as_text(value))
                and others < _DATA_FIELDS
                and any(each.endswith(words.MESSAGE_ENDS) and fields[each][1] for each in fields)
            )
        )
        if coded or (number and (repeats_status or named)):
            yield _refusal(body, (*place, name), value)


def _has(fields: _Fields, names: tuple[str, ...], but: str) -> bool:
    return any(fields.get(each, ("", None))[1] for each in names if each != but)


def _message_of(fields: _Fields, names: tuple[str, ...]) -> str:
    held = (fields.get(name, ("", None))[1] for name in names)
    return next((value for value in held if isinstance(value, str) and value), "")


def _severities(
    body: dict[str, Json], fields: _Fields, place: tuple[str, ...]
) -> Iterator[Refusal]:
    """Yield what is marked as an error: `{"TYPE": "E", "NUMBER": "702", "MESSAGE": …}`."""
    message = _message_of(fields, ("message", "text", "messagetext"))
    for plain, (name, value) in fields.items():
        kind = as_text(value).strip().casefold()
        if (
            message
            and plain in words.SEVERITIES
            and kind in words.ERROR_SEVERITIES
            # One letter says it only next to the number of the message.
            and (len(kind) > 1 or not {"id", "number", "code"}.isdisjoint(fields))
        ):
            yield _refusal(body, (*place, name), value)


def _counts(fields: _Fields, place: tuple[str, ...]) -> Iterator[Refusal]:
    refused = [
        (name, number)
        for plain, (name, value) in fields.items()
        if plain in words.REFUSED_COUNTS and (number := _whole(value))
    ]
    for name, number in refused:
        yield Refusal(f"{name} is {number}", format_pointer((*place, name)))
    accepted = [
        name
        for plain, (name, value) in fields.items()
        if plain in words.ACCEPTED_COUNTS and value == 0 and _whole(value) == 0
    ]
    # A zero next to other counts is explained by them: everything was a duplicate, or unchanged.
    counts = [value for _, value in fields.values() if (_whole(value) or 0) > 0]
    if accepted and not counts and not any(name for name, _ in refused):
        zeros = [plain for plain, (_, value) in fields.items() if _whole(value) == 0]
        if len(zeros) == 1:
            yield Refusal(f"{accepted[0]} is 0", format_pointer((*place, accepted[0])))


def _batches(fields: _Fields, place: tuple[str, ...], writes: bool) -> Iterator[Refusal]:
    for plain, (name, value) in fields.items():
        if plain not in words.ERROR_FIELDS and isinstance(value, list):
            found = _in_results(value, format_pointer((*place, name)), writes, name)
            if found is not None:
                yield found


def _in_results(
    results: list[Json], pointer: str, writes: bool, name: str = "results"
) -> Refusal | None:
    """Return the refusals among the results of a batch as one."""
    refused = [
        (number, found)
        for number, result in enumerate(results[:_MAX_RESULTS])
        if isinstance(result, dict) and (found := _in_result(result, writes)) is not None
    ]
    if not refused:
        return None
    number, first = refused[0]
    total = len(as_dicts(results))
    says = f"{len(refused)} of {total} {name} failed, first number {number}: {first.says}"
    return Refusal(says, f"{pointer}/{number}{first.path}")


def _in_result(result: dict[str, Json], writes: bool) -> Refusal | None:
    fields = {words.spelling(name): (name, value) for name, value in result.items()}
    if len(fields) == 1:
        # The result of one operation of a batch: {"index": {"status": 400, "error": …}}.
        name, inner = next(iter(result.items()))
        found = _in_result(inner, writes) if isinstance(inner, dict) else None
        if found is not None:
            return replace(found, path=format_pointer((name,)) + found.path)
    if not writes:
        # In data that was read, a text named error may be anything.
        fields = {plain: held for plain, held in fields.items() if isinstance(held[1], dict)}
        return next(_errors(result, fields, (), writes), None)
    checks = (
        _errors(result, fields, (), writes),
        _flags(result, fields, (), writes),
        _outcomes(result, fields, ()),
        _codes(result, fields, ()),
        _severities(result, fields, ()),
    )
    return next(chain.from_iterable(checks), None)


def _refusal(body: dict[str, Json], place: tuple[str, ...], value: Json) -> Refusal:
    return Refusal(_with_message(f"{place[-1]} is {_value(value)}", body), format_pointer(place))


def _with_message(says: str, body: dict[str, Json]) -> str:
    said = _message_in(body) or _wrapped_message(body)
    return f"{says}: {_value(said)}" if said and _value(said) not in says else says


def _wrapped_message(body: dict[str, Json]) -> str:
    """Return the message in a wrapper, which a gateway may send as a text; "" if there is none."""
    for name, held in body.items():
        inner = held
        if isinstance(held, str) and held.lstrip()[:1] == "{" and len(held) <= _MAX_TEXT:
            try:
                inner = json.loads(held)
            except (ValueError, RecursionError):
                continue
        if words.spelling(name) in words.WRAPPERS and isinstance(inner, dict):
            said = _message_in(inner)
            if said:
                return said
    return ""


def _message_in(value: Json, depth: int = 0) -> str:
    """Return the words that explain an error, "" if there are none."""
    if isinstance(value, str):
        return value.strip()
    if depth >= _MESSAGE_DEPTH:
        return ""
    if isinstance(value, list):
        return next((said for item in value if (said := _message_in(item, depth + 1))), "")
    if not isinstance(value, dict):
        return ""
    fields = {words.spelling(name): held for name, held in value.items()}
    texts = (name for name in words.MESSAGE_FIELDS if name not in words.ERROR_NAMES)
    ends = (name for name in fields if name.endswith(words.MESSAGE_ENDS))
    named = (fields.get(name) for name in (*texts, *ends, *words.ERROR_NAMES))
    said = next((said for held in named if (said := _message_in(held, depth + 1))), "")
    if said or not words.ERROR_FIELDS.isdisjoint(fields) or depth == 0:
        return said
    # Messages by field: {"net_mass_kg": ["must be positive"]}.
    by_field = ((name, _message_in(held, depth + 1)) for name, held in value.items())
    return next((f"{name}: {text}" for name, text in by_field if text), "")


def _value(value: Json) -> str:
    return compact_json(short(value, _VALUE_TOKENS))


def _whole(value: Json) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
