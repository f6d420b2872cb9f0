"""Read one value of a record by its path, as much of it as fits an answer."""

from dataclasses import dataclass

from retab_mcp.answers.common.answer import NextCall, Truncated
from retab_mcp.answers.common.truncation import whole_is_shorter
from retab_mcp.digest.page import first_page
from retab_mcp.digest.pointer import PathError, resolve_pointer
from retab_mcp.models import ErrorKind, Json
from retab_mcp.queries.errors import QuestionError

# Estimated tokens of a value that was asked for by path. With the rest of the answer and the error
# of the estimate, the answer stays under 8,000 tokens.
VALUE_BUDGET = 6400


@dataclass(frozen=True)
class Value:
    """The value at `path` (a JSON Pointer), and what did not fit."""

    path: str
    value: Json
    truncated: Truncated | None


def read_value(record: Json, path: str, tool: str, arguments: dict[str, Json]) -> Value:
    """Return the value at `path` of `record`, with the call of `tool` that reads the rest.

    `arguments` are the other arguments of that call. Raises QuestionError (invalid_argument), with
    the nearest valid parent and its children, if there is nothing at `path`.
    """
    try:
        found = resolve_pointer(record, path)
    except PathError as error:
        raise QuestionError(
            ErrorKind.INVALID_ARGUMENT,
            error.message,
            hint="Take one of `children`, or leave path out for the overview.",
            facts={"nearest": error.nearest, "children": list(error.children)},
        ) from None
    part = first_page(found.value, VALUE_BUDGET, found.pointer, found.start, found.whole)
    truncated = None
    if part.truncated:
        following = None
        if part.next_path is not None:
            following = NextCall(tool=tool, arguments={**arguments, "path": part.next_path})
        truncated = Truncated(shown=part.shown, total=part.total, unit=part.unit, next=following)
        if whole_is_shorter(found.value, part.value, truncated):
            return Value(found.pointer, found.value, None)
    return Value(found.pointer, part.value, truncated)
