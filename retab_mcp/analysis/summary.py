"""What a summary of an artifact is made of, and how it is kept within a budget of tokens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from retab_mcp.digest.budget import estimate_tokens
from retab_mcp.digest.compact import compact_json, json_tokens_within
from retab_mcp.digest.digest import Digest, digest
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
# Where facts were cut that no pointer leads to, the record itself is read.
_WHOLE_RECORD = "$"


@dataclass(frozen=True, slots=True)
class Body:
    """Data of any size, to be digested; `pointer` is where it stands in the record."""

    value: Json
    pointer: str


@dataclass(frozen=True, slots=True)
class Rows:
    """A list among the facts, of which whole rows give way when there is no room.

    `entries` are the rows of `total` that may stand, the most telling first (or, with `last`, at
    the end). `pointer` is the array that they were made of; with `items` row by row, so that a
    slice of it is what is missing. With `count` the list stands as {"count", "first"}; else where
    rows are missing their total stands beside it as `total_name`.
    """

    entries: list[Json]
    total: int
    pointer: str
    count: int | None = None
    total_name: str = ""
    items: bool = False
    last: bool = False

    def kept(self, most: int) -> "Rows":
        """Return the same with at most so many entries."""
        entries = self.entries[-most:] if self.last else self.entries[:most]
        return replace(self, entries=entries)

    @property
    def omitted(self) -> str:
        """The pointer of what is missing, "" where all rows stand."""
        shown = len(self.entries)
        if shown >= self.total:
            return ""
        if not self.items:
            return self.pointer
        missing = (0, self.total - shown) if self.last else (shown, self.total)
        return f"{self.pointer}/{missing[0]}-{missing[1]}"


@dataclass(frozen=True, slots=True)
class Parts:
    """A summary before it is fitted: facts as they are to stand, then bodies by key.

    `untrusted_text` says whether any of it is text from a document (or another party's answer).
    """

    facts: dict[str, Json | Rows]
    bodies: Mapping[str, Body] = field(default_factory=dict)
    untrusted_text: bool = True


@dataclass(frozen=True, slots=True)
class Summary:
    """A summary within its budget.

    `shown` of `total` values of the bodies stand in it, or, where the bodies are whole, of the
    rows: `unit` says which. `omitted` holds paths into the record of what was left out, largest
    first.
    """

    value: dict[str, Json]
    shown: int
    total: int
    truncated: bool
    omitted: tuple[str, ...]
    untrusted_text: bool
    unit: str = "values"


def fit(parts: Parts, budget: int) -> Summary:
    """Return `parts` as one summary of at most `budget` tokens by estimate."""
    room = int(budget * FACTS_SHARE) if parts.bodies else budget
    kept = _kept_rows(parts.facts, room)
    facts = digest(_as_json(kept), room, derived=True)
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
    whole = digest(value, budget, derived=True)
    rows = [each for each in kept.values() if isinstance(each, Rows)]
    omitted = [pointer for each in digests for pointer in each.omitted]
    counts, unit = [(each.shown, each.total) for each in digests], "values"
    if not omitted and any(each.omitted for each in rows):
        omitted = [each.omitted for each in rows if each.omitted]
        counts, unit = [(len(each.entries), each.total) for each in rows], "rows"
    if not omitted and (facts.truncated or whole.truncated):
        omitted = [_WHOLE_RECORD]
        counts = [(whole.shown, whole.total)] if whole.truncated else [(facts.shown, facts.total)]
    return Summary(
        value=whole.value,
        shown=sum(shown for shown, _ in counts),
        total=sum(total for _, total in counts),
        truncated=bool(omitted),
        omitted=tuple(omitted),
        untrusted_text=parts.untrusted_text,
        unit=unit,
    )


def _kept_rows(facts: dict[str, Json | Rows], room: int) -> dict[str, Json | Rows]:
    """Return the facts with as many whole rows as fit, the longest list cut first."""
    kept = dict(facts)
    lists = {key: each for key, each in facts.items() if isinstance(each, Rows)}
    for key in sorted(lists, key=lambda key: -tokens_of(lists[key].entries)):
        if json_tokens_within(_as_json(kept), room) is not None:
            break
        low, high = 1, len(lists[key].entries)
        while low < high:
            middle = (low + high + 1) // 2
            tried = _as_json({**kept, key: lists[key].kept(middle)})
            if json_tokens_within(tried, room) is not None:
                low = middle
            else:
                high = middle - 1
        kept[key] = lists[key].kept(low)
    return kept


def _as_json(facts: dict[str, Json | Rows]) -> dict[str, Json]:
    result: dict[str, Json] = {}
    for key, fact in facts.items():
        if not isinstance(fact, Rows):
            result[key] = fact
        elif fact.count is not None:
            result[key] = {"count": fact.count, "first": fact.entries}
        else:
            if fact.total_name and fact.omitted:
                result[fact.total_name] = fact.total
            result[key] = fact.entries
    return result


def tokens_of(value: Json) -> int:
    """Return the estimated tokens of `value` as compact JSON."""
    return estimate_tokens(compact_json(value))


def present(**facts: Json) -> dict[str, Json]:
    """Return the facts that are known: without None, empty strings, lists, objects and rows."""
    return {
        key: value
        for key, value in facts.items()
        if value not in (None, "", [], {}) and not (isinstance(value, Rows) and not value.entries)
    }


def counted(rows: Sequence[Json], count: int | None = None) -> dict[str, Json] | None:
    """Return {"count", "first"}: how many there are and the first MAX_ROWS; None for none."""
    if not rows:
        return None
    return {"count": len(rows) if count is None else count, "first": list(rows[:MAX_ROWS])}


def short(value: Json, tokens: int = VALUE_TOKENS) -> Json:
    """Return a value as it fits into a row: text cut, anything larger as its shape."""
    if isinstance(value, str):
        return clip(value, tokens)
    return digest(value, tokens, derived=True).value


def as_dict(value: Json) -> dict[str, Json]:
    """Return `value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_dicts(value: Json) -> list[dict[str, Json]]:
    """Return the objects in `value` if it is a list, else none."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def as_text(value: Json) -> str:
    """Return `value` if it is text, else an empty string."""
    return value if isinstance(value, str) else ""
