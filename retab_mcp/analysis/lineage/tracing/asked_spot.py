"""Read a path in the record of a step, or of its artifact, as a place in the step's handles."""

from collections.abc import Iterator, Mapping

from retab_mcp.analysis.lineage.matching.leaves import PARTS, Tokens, value_at
from retab_mcp.analysis.lineage.matching.likeness import same
from retab_mcp.analysis.lineage.tracing.trace import Side, Spot
from retab_mcp.analysis.values.json_types import as_dict, as_dicts, as_text
from retab_mcp.analysis.values.key_paths import path_names
from retab_mcp.digest.pointer import PathError, format_pointer, parse_path, resolve_pointer
from retab_mcp.models import Json, StepPayload, StepSummary

_SIDES: tuple[Side, ...] = ("handle_outputs", "handle_inputs")


def asked_spot(step: StepSummary, payload: StepPayload, record: Json, path: str) -> Spot | None:
    """Return the place that `path` means, None if the value is in no handle of the step.

    `record` is that of the step, or of its artifact: there the value is looked for in the handles,
    under the same keys. Raises PathError if there is nothing at `path`, or several values.
    """
    found = resolve_pointer(record, path)
    if found.start is not None:
        raise PathError("The path must lead to one value, not to a slice.", found.pointer, ())
    tokens = _typed(record, parse_path(found.pointer))
    for side in _SIDES:
        if tokens[:1] == (side,):
            return _in_handles(step, side, tokens[1:], record)
    for side in _SIDES:
        handles = payload.handle_outputs if side == "handle_outputs" else payload.handle_inputs
        for place in _places(handles, tokens):
            there, value = value_at(handles, place)
            if there and same(value, found.value):
                return Spot(step, side, place, value)
    return None


def paths_of_values(record: Json, payload: StepPayload, path: str) -> Iterator[str]:
    """Yield the paths of the values that a path into an artifact's record is about.

    A likelihood or vote is about a value of the output, an evaluation about the value that its
    condition read in an input.
    """
    tokens = parse_path(path)
    if tokens[:1] == ("consensus",) and len(tokens) > 2:
        yield format_pointer(("output", *tokens[2:]))
        # The votes of choices come first: /consensus/choices/0/total.
        yield format_pointer(("output", *tokens[3:]))
    if tokens[:1] != ("evaluations",) or len(tokens) < 2:
        return
    evaluations = as_dict(record).get("evaluations")
    if not isinstance(evaluations, list) or not tokens[1].isdigit():
        return
    read = as_dict(evaluations[int(tokens[1])] if int(tokens[1]) < len(evaluations) else None)
    parts = [read, *as_dicts(read.get("sub_evaluations"))]
    for names in (path_names(as_text(part.get("path"))) for part in parts):
        inner = ["0" if name == "*" else name for name in names]
        for handle in payload.handle_inputs if inner else ():
            below = inner[1:] if inner[0] == handle else inner
            yield format_pointer(("handle_inputs", handle, "data", *below))


def _in_handles(step: StepSummary, side: Side, tokens: Tokens, record: Json) -> Spot:
    handles = record[side]
    if not tokens:
        children = tuple(f"/{side}/{handle}" for handle in handles)
        raise PathError("The path must lead into a handle.", f"/{side}", children)
    if len(tokens) == 1:
        _, handle = value_at(handles, tokens)
        parts = [
            part for part in PARTS if isinstance(handle, dict) and handle.get(part) is not None
        ]
        tokens = (*tokens, parts[0] if parts else PARTS[0])
    return Spot(step, side, tokens, value_at(handles, tokens)[1])


def _places(handles: Mapping[str, Json], tokens: Tokens) -> Iterator[Tokens]:
    """Yield the places in handles that have the last keys of a path, the longest first."""
    for first in range(len(tokens)):
        tail = tokens[first:]
        if isinstance(tail[0], str) and tail[0] in handles and len(tail) > 1:
            yield (tail[0], "data", *tail[1:])
        for handle in handles:
            yield (handle, "data", *tail)


def _typed(record: Json, tokens: tuple[str, ...]) -> Tokens:
    """Return a path with numbers in place of the indexes of lists."""
    typed: list[str | int] = []
    found = record
    for token in tokens:
        if isinstance(found, list):
            typed.append(int(token))
            found = found[int(token)]
        else:
            typed.append(token)
            found = as_dict(found).get(token)
    return tuple(typed)
