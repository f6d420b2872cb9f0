"""What a summary of an artifact is made of, and how it is kept within a budget of tokens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from retab_mcp.digest.budget import estimate_tokens
from retab_mcp.digest.digest import Digest, digest
from retab_mcp.digest.encode import encode
from retab_mcp.digest.text import clip
from retab_mcp.models import Json

# Rows of a list that a summary names; the count of all stands beside them.
MAX_ROWS = 10
# Tokens of one value from a payload inside such a row.
VALUE_TOKENS = 40
# Tokens of a piece of prose (a reasoning, a review note).
PROSE_TOKENS = 120
# At most this part of the budget goes to what we know of a record; the rest is the data's.
FACTS_SHARE = 0.75
# A body gets at least this many tokens: less shows nothing of it.
MIN_BODY_TOKENS = 24


@dataclass(frozen=True, slots=True)
class Body:
    """Data of any size, to be digested; `pointer` is where it stands in the record."""

    value: Json
    pointer: str


@dataclass(frozen=True, slots=True)
class Parts:
    """A summary before it is fitted: facts as they are to stand, then bodies by key.

    `document_text` says whether any of it is text from a document (or another party's answer).
    """

    facts: dict[str, Json]
    bodies: Mapping[str, Body] = field(default_factory=dict)
    document_text: bool = True


@dataclass(frozen=True, slots=True)
class Summary:
    """A summary within its budget.

    `shown` of `total` values of the bodies stand in it; `omitted` holds pointers into the record
    of what was left out, largest first.
    """

    value: dict[str, Json]
    shown: int
    total: int
    truncated: bool
    omitted: tuple[str, ...]
    document_text: bool


def fit(parts: Parts, budget: int) -> Summary:
    """Return `parts` as one summary of at most `budget` tokens by estimate."""
    facts = digest(parts.facts, int(budget * FACTS_SHARE) if parts.bodies else budget)
    value = dict(facts.value)
    digests: list[Digest] = []
    room = budget - tokens_of(value)
    for left, (key, body) in zip(
        range(len(parts.bodies), 0, -1), parts.bodies.items(), strict=True
    ):
        share = max(MIN_BODY_TOKENS, room // left - tokens_of(key) - 1)
        shown = digest(body.value, share, body.pointer)
        value[key] = shown.value
        room -= tokens_of({key: shown.value})
        digests.append(shown)
    whole = digest(value, budget)
    return Summary(
        value=whole.value,
        shown=sum(each.shown for each in digests),
        total=sum(each.total for each in digests),
        truncated=facts.truncated or whole.truncated or any(each.truncated for each in digests),
        omitted=tuple(pointer for each in digests for pointer in each.omitted),
        document_text=parts.document_text,
    )


def tokens_of(value: Json) -> int:
    """Return the estimated tokens of `value` as compact JSON."""
    return estimate_tokens(encode(value))


def present(**facts: Json) -> dict[str, Json]:
    """Return the facts that are known: without None, empty strings, lists and objects."""
    return {key: value for key, value in facts.items() if value not in (None, "", [], {})}


def counted(rows: Sequence[Json], count: int | None = None) -> dict[str, Json] | None:
    """Return {"count", "first"}: how many there are and the first MAX_ROWS; None for none."""
    if not rows:
        return None
    return {"count": len(rows) if count is None else count, "first": list(rows[:MAX_ROWS])}


def short(value: Json, tokens: int = VALUE_TOKENS) -> Json:
    """Return a value as it fits into a row: text cut, anything larger as its shape."""
    if isinstance(value, str):
        return clip(value, tokens)
    return digest(value, tokens).value


def as_dict(value: Json) -> dict[str, Json]:
    """Return `value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_dicts(value: Json) -> list[dict[str, Json]]:
    """Return the objects in `value` if it is a list, else none."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def as_text(value: Json) -> str:
    """Return `value` if it is text, else an empty string."""
    return value if isinstance(value, str) else ""
