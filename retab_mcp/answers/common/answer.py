"""What every answer is made of, and the one encoder that writes it."""

from datetime import datetime
from typing import Any

import pydantic_core
from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer

from retab_mcp.analysis.records import to_iso_time
from retab_mcp.digest.budget import estimate_tokens
from retab_mcp.digest.digest import digest
from retab_mcp.models import Json
from retab_mcp.safety.instructions import speaking_paths
from retab_mcp.safety.redact import REDACTED
from retab_mcp.safety.sanitize import hidden_characters_below, sanitize

# Tokens, by estimate, that an answer may take. The estimate is at most 15 % under the o200k count,
# so that these stay under 2,000 and 8,000.
OVERVIEW_BUDGET = 1_700
LONG_BUDGET = 6_800
# Of an answer that has to be digested: what `truncated` takes, and how much of the budget is left
# to its own fields at least. Where the way on is longer (a path of long keys), it is digested too.
_TRUNCATED_TOKENS = 40
_LEAST_SHARE = 0.5
_TOO_LONG = "the answer was longer than its budget"


class Part(BaseModel):
    """A part of an answer, with the order of its fields as the contract.

    A field that is null or empty is left out.
    """

    # Built at the first use: a server that starts has no use for them yet.
    model_config = ConfigDict(extra="forbid", defer_build=True)

    @model_serializer(mode="wrap")
    def _leave_out_empty(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields: dict[str, Any] = handler(self)
        return {
            name: to_iso_time(value) if isinstance(value, datetime) else value
            for name, value in fields.items()
            if self._keeps(name) or not _empty(value)
        }

    def _keeps(self, name: str) -> bool:
        """Whether the field stays even when it is empty."""
        return False


class NextCall(Part):
    """A call that adds to this answer; `reason` says what, where that is not plain."""

    tool: str
    arguments: dict[str, Json]
    reason: str | None = None


class Truncated(Part):
    """What was left out: `shown` of `total` (or of `at_least`, where counting would mean
    reading on) `unit`, and the call that gives more."""

    shown: int
    total: int | None = None
    at_least: int | None = None
    unit: str
    why: str | None = None
    next: NextCall | None = None


class Answer(Part):
    """Base of the answers. The fields that all share come last, in this order.

    Where an answer has `path`, its `value` is what a payload holds there, null or empty included:
    a null is often the cause.
    """

    truncated: Truncated | None = None
    next_calls: list[NextCall] = []
    redacted: int | None = None
    hidden_characters: int | None = None
    untrusted_text: bool | None = None
    instruction_paths: list[str] = []

    @property
    def budget(self) -> int:
        """Tokens, by estimate, that this answer may take: more for what was asked for by path."""
        return OVERVIEW_BUDGET if getattr(self, "path", None) is None else LONG_BUDGET

    def _keeps(self, name: str) -> bool:
        return name == "value" and getattr(self, "path", None) is not None


_LAST_FIELDS = tuple(Answer.model_fields)


def write_json(answer: Answer) -> str:
    """Write an answer as one compact JSON object.

    Everything in it is cleaned and redacted once more: what was read from Retab already is, and
    what an assistant sent (ids, paths) may not be. `redacted` counts the places that this answer
    shows as redacted, `hidden_characters` the invisible ones that its payload values lost.
    NaN and the infinities go out as strings.

    `instruction_paths` points to texts of this answer that speak to the assistant.

    The parts of an answer have budgets of their own. Where they do not hold (a label of a
    thousand words), the largest parts become shapes, so that the answer keeps its budget, and
    `truncated` says so.
    """
    fields = sanitize(answer.model_dump()).value
    hidden = hidden_characters_below(fields)
    if hidden:
        fields["hidden_characters"] = hidden
    if estimate_tokens(_to_json(fields)) > answer.budget:
        fields = _within(fields, answer.budget)
    if paths := speaking_paths(fields):
        fields["instruction_paths"] = paths
        fields["untrusted_text"] = True
    count = _to_json(fields).count(REDACTED)
    if count:
        fields["redacted"] = count
    last = {name: fields.pop(name) for name in _LAST_FIELDS if name in fields}
    return _to_json(fields | last)


def _within(fields: dict[str, Json], budget: int) -> dict[str, Json]:
    """Digest an answer, but for the way on: it is of no use in part."""
    last = {name: fields[name] for name in _LAST_FIELDS if name in fields}
    left = budget - estimate_tokens(_to_json(last)) - _TRUNCATED_TOKENS
    if left < budget * _LEAST_SHARE:
        return dict(digest(fields, budget, derived=True).value)
    own = {name: value for name, value in fields.items() if name not in last}
    part = digest(own, left, derived=True)
    if "truncated" not in last:
        truncated = Truncated(shown=part.shown, total=part.total, unit="values", why=_TOO_LONG)
        last["truncated"] = truncated.model_dump()
    return {**part.value, **last}


def _to_json(value: Json) -> str:
    return pydantic_core.to_json(value, inf_nan_mode="strings").decode()


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, (str, list, tuple, dict)) and not value)
