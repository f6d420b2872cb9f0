"""Check the arguments of a call: lenient if the meaning is clear, else a clear error."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from retab_mcp.models import ErrorKind, Json
from retab_mcp.queries.errors import QuestionError
from retab_mcp.safety.sanitize import sanitize_text

# The words of error messages for JSON Schema types.
_EXPECTED = {"string": "text", "integer": "a whole number", "number": "a number"}


def check_arguments(
    model: type[BaseModel], schema: Mapping[str, Any], given: Mapping[str, Json]
) -> dict[str, Any]:
    """Return the arguments of a tool by name, defaults filled in.

    `model` is the tool's argument model, `schema` its input schema. Null means omitted.
    Raises QuestionError (invalid_argument) for an argument that is unknown, missing, of the wrong
    type, out of range or a credential. The message names the argument and never repeats its value.
    """
    properties: Mapping[str, Any] = schema.get("properties", {})
    present = {name: value for name, value in given.items() if value is not None}
    unknown = sorted(set(present) - set(properties))
    if unknown:
        raise QuestionError(
            ErrorKind.INVALID_ARGUMENT,
            f"Unknown argument: {', '.join(unknown)}.",
            hint=f"Valid arguments: {', '.join(properties) or 'none'}.",
        )
    try:
        checked = model.model_validate(present)
    except ValidationError as error:
        problems = [_problem(properties, item) for item in error.errors(include_url=False)]
        raise QuestionError(ErrorKind.INVALID_ARGUMENT, " ".join(dict.fromkeys(problems))) from None
    _refuse_credentials(present)
    return {name: getattr(checked, name) for name in type(checked).model_fields}


def split_words(text: str) -> list[str]:
    """Return the words of a comma-separated argument in lower case."""
    return [word.strip().lower() for word in text.split(",") if word.strip()]


def _refuse_credentials(present: Mapping[str, Json]) -> None:
    """Refuse a call with a credential in it before anything is sent to Retab.

    As an id or filter it would become part of a URL, and the result would reveal if it is valid.
    """
    for name, value in present.items():
        if isinstance(value, str) and sanitize_text(value)[1]:
            raise QuestionError(
                ErrorKind.INVALID_ARGUMENT,
                f"{name} contains what looks like a credential.",
                hint="Leave it out: no id is a credential, and [redacted] values cannot be "
                "searched for.",
            )


def _problem(properties: Mapping[str, Any], error: Any) -> str:
    name = str(error["loc"][0]) if error["loc"] else "arguments"
    schema = properties.get(name, {})
    if error["type"] == "missing":
        return f"{name} is required: {schema.get('description', '')}"
    if error["type"] in {"greater_than_equal", "less_than_equal"}:
        return f"{name} must be between {schema.get('minimum')} and {schema.get('maximum')}."
    return f"{name} must be {_EXPECTED.get(schema.get('type', ''), 'of another type')}."
