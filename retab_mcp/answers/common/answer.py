"""The base of all answers, and the encoder that writes them as JSON."""

from datetime import datetime
from typing import Any, ClassVar

import pydantic_core
from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer

from retab_mcp.analysis.records import to_iso_time
from retab_mcp.answers.common.third_party import holds_third_party_text
from retab_mcp.digest.budget import estimate_tokens
from retab_mcp.digest.digest import digest
from retab_mcp.models import Json
from retab_mcp.safety.instructions import speaking_paths
from retab_mcp.safety.redact import REDACTED
from retab_mcp.safety.sanitize import hidden_characters_below, sanitize
from retab_mcp.safety.text_places import hidden_places

# Estimated tokens that an answer may take. The estimate is at most 15 % below the o200k count, so
# answers stay under 2,000 and 8,000 tokens.
OVERVIEW_BUDGET = 1_700
LONG_BUDGET = 6_800
# For an answer over its budget: tokens of `truncated`, and the least share of the budget for the
# answer's own fields. If the calls that follow take more (a path of long keys), they are cut too.
_TRUNCATED_TOKENS = 40
_LEAST_SHARE = 0.5
_TOO_LONG = "the answer was longer than its budget"


class Part(BaseModel):
    """A part of an answer; the order of its fields is part of the contract.

    Null and empty fields are left out.
    """

    # Build validators at the first use, since a start does not need them.
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
        """Return whether the field is kept even if it is empty."""
        return False


class NextCall(Part):
    """A call that adds to this answer; `reason` says what it adds, unless that is obvious."""

    tool: str
    arguments: dict[str, Json]
    reason: str | None = None

    def _keeps(self, name: str) -> bool:
        # A call without arguments must say so.
        return name == "arguments"


class Truncated(Part):
    """What was left out, and the `next` call that reads more.

    `shown` of `total` items are in the answer, counted in `unit`. `at_least` replaces `total` if
    counting all would take more requests. `why` says why the reading ended early.
    """

    shown: int
    total: int | None = None
    at_least: int | None = None
    unit: str
    why: str | None = None
    next: NextCall | None = None


class Answer(Part):
    """Base of the answers; the fields that all answers share come last.

    If an answer has `path`, its `value` is kept even if it is null or empty: a null is often the
    cause.
    """

    truncated: Truncated | None = None
    next_calls: list[NextCall] = []
    redacted: int | None = None
    hidden_characters: int | None = None
    hidden_in: dict[str, str] = {}
    untrusted_text: bool | None = None
    instruction_paths: list[str] = []

    # Fields that are dropped first, in this order, from an answer over its budget.
    cut_first: ClassVar[tuple[str, ...]] = ()
    # Whether `hidden_in` says which values lost which characters.
    names_hidden: ClassVar[bool] = False

    @property
    def budget(self) -> int:
        """Estimated tokens that this answer may take: more if a `path` was asked for."""
        return OVERVIEW_BUDGET if getattr(self, "path", None) is None else LONG_BUDGET

    def _keeps(self, name: str) -> bool:
        return name == "value" and getattr(self, "path", None) is not None


# Values whose hidden characters are named.
MAX_HIDDEN = 3
_LAST_FIELDS = tuple(Answer.model_fields)


def write_json(answer: Answer) -> str:
    """Write an answer as one compact JSON object.

    Everything in it is cleaned and redacted again: data from Retab already is, but the caller's
    ids and paths may not be. `redacted` counts the redacted places in the answer,
    `hidden_characters` the invisible characters that cleaning removed from its payload values
    (those of equal texts once), `hidden_in` names the characters of the first such values by
    pointer, `untrusted_text` marks an answer with text of third parties, `instruction_paths` points
    to texts in it that address the assistant. NaN and infinities become strings.

    The parts of an answer have their own budgets. If they exceed the answer's budget together (a
    label of a thousand words), the fields that it names are dropped, then the largest parts become
    shapes, and `truncated` says so.
    """
    fields = sanitize(answer.model_dump()).value
    hidden = hidden_characters_below(fields)
    if hidden:
        fields["hidden_characters"] = hidden
    if estimate_tokens(_to_json(fields)) > answer.budget:
        fields = _within(fields, answer.budget, answer.cut_first)
    if hidden and answer.names_hidden:
        fields["hidden_in"] = hidden_places(fields, MAX_HIDDEN)
    if paths := speaking_paths(fields):
        fields["instruction_paths"] = paths
    if paths or holds_third_party_text(fields):
        fields["untrusted_text"] = True
    count = _to_json(fields).count(REDACTED)
    if count:
        fields["redacted"] = count
    last = {name: fields.pop(name) for name in _LAST_FIELDS if name in fields}
    return _to_json(fields | last)


def _within(
    fields: dict[str, Json], budget: int, cut_first: tuple[str, ...] = ()
) -> dict[str, Json]:
    """Shorten an answer, except for the calls that follow: half a call is useless."""
    fields, dropped = _without(fields, cut_first, budget - _TRUNCATED_TOKENS)
    last = {name: fields[name] for name in _LAST_FIELDS if name in fields}
    left = budget - estimate_tokens(_to_json(last)) - _TRUNCATED_TOKENS
    if left < budget * _LEAST_SHARE:
        return dict(digest(fields, budget, derived=True).value)
    own = {name: value for name, value in fields.items() if name not in last}
    part = digest(own, left, derived=True)
    if "truncated" not in last:
        total = part.total + (digest(dropped, 0, derived=True).total if dropped else 0)
        truncated = Truncated(shown=part.shown, total=total, unit="values", why=_TOO_LONG)
        last["truncated"] = truncated.model_dump()
    return {**part.value, **last}


def _without(
    fields: dict[str, Json], names: tuple[str, ...], budget: int
) -> tuple[dict[str, Json], dict[str, Json]]:
    """Return the fields without as few of `names` as the budget needs, and those dropped."""
    kept, dropped = dict(fields), {}
    for name in names:
        if estimate_tokens(_to_json(kept)) <= budget:
            break
        if name in kept:
            dropped[name] = kept.pop(name)
    return kept, dropped


def _to_json(value: Json) -> str:
    return pydantic_core.to_json(value, inf_nan_mode="strings").decode()


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, (str, list, tuple, dict)) and not value)
