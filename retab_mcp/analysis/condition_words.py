"""Write conditions as people say them."""

from retab_mcp.analysis.summary import short
from retab_mcp.analysis.values.json_types import as_text
from retab_mcp.digest.compact import compact_json
from retab_mcp.models import Json

# Estimated tokens of one value.
VALUE_TOKENS = 12
# Operators that compare with nothing.
_ALONE = frozenset({"exists", "does_not_exist", "is_empty", "is_not_empty", "is_true", "is_false"})


def condition_words(condition: dict[str, Json]) -> str:
    """Return a condition without its result: `$.sum is greater than 5000`."""
    operator = as_text(condition.get("operator"))
    parts = [as_text(condition.get("path")), operator.replace("_", " ")]
    if condition.get("expected") is not None and operator not in _ALONE:
        parts.append(value_words(condition.get("expected")))
    return " ".join(filter(None, parts))


def outcome_words(condition: dict[str, Json]) -> str:
    """Return a condition with its result: `$.sum is greater than 5000: no, it is 12.5`."""
    answer = "yes" if condition.get("matched") else "no"
    actual = value_words(condition.get("actual"))
    return f"{condition_words(condition)}: {answer}, it is {actual}"


def value_words(value: Json) -> str:
    """Return a value as JSON, shortened."""
    return compact_json(short(value, VALUE_TOKENS))
