"""Build summaries of artifacts, and cut them to a token budget."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from retab_mcp.analysis.values.json_types import json_type
from retab_mcp.digest.compact import compact_json, json_tokens, json_tokens_within
from retab_mcp.digest.digest import Digest, digest
from retab_mcp.digest.text import clip
from retab_mcp.models import Json

# Maximum rows of a list in a summary, next to the count of all.
MAX_ROWS = 10
# Tokens of one payload value in a row.
VALUE_TOKENS = 40
# Tokens of a value that a sentence quotes.
QUOTED_TOKENS = 20
# Tokens of prose: a reasoning, a review note.
PROSE_TOKENS = 120
# Share of the budget for facts if there are large values too, which need the rest.
FACTS_SHARE = 0.75
# Minimum tokens for a large value: fewer show nothing of it.
MIN_LARGE_TOKENS = 24
# The pointer in `omitted` for a cut fact without its own pointer.
_WHOLE_RECORD = "$"


@dataclass(frozen=True, slots=True)
class LargeValue:
    """Data of any size, to be digested; `pointer` is its place in the record."""

    value: Json
    pointer: str


@dataclass(frozen=True, slots=True)
class RowList:
    """A list among the facts; whole rows are dropped if the budget is too small.

    `entries` are the rows to show of `total`, the most important first (with `last`: last).
    `pointer` is the array they were made from; with `items` one row per item, so that a slice of
    the array is what is missing. With `count` the list is shown as {"count", "first"}; else, where
    rows are missing, their total is shown as `total_name`.
    """

    entries: list[Json]
    total: int
    pointer: str
    count: int | None = None
    total_name: str = ""
    items: bool = False
    last: bool = False

    def kept(self, most: int) -> "RowList":
        """Return the list with at most `most` entries."""
        entries = self.entries[-most:] if self.last else self.entries[:most]
        return replace(self, entries=entries)

    @property
    def omitted(self) -> str:
        """The pointer of the missing rows, "" where none is missing."""
        shown = len(self.entries)
        if shown >= self.total:
            return ""
        if not self.items:
            return self.pointer
        missing = (0, self.total - shown) if self.last else (shown, self.total)
        return f"{self.pointer}/{missing[0]}-{missing[1]}"


@dataclass(frozen=True, slots=True)
class SummaryDraft:
    """A summary before it is cut to a budget: facts by key, then large values by key."""

    facts: dict[str, Json | RowList]
    large_values: Mapping[str, LargeValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ArtifactSummary:
    """A summary within its budget.

    It shows `shown` of `total` in `unit`: values of the large values or, if these are whole, rows.
    `omitted` are pointers into the record of what was left out, largest first.
    """

    value: dict[str, Json]
    shown: int
    total: int
    truncated: bool
    omitted: tuple[str, ...]
    unit: str = "values"


def fit_summary(draft: SummaryDraft, budget: int) -> ArtifactSummary:
    """Return `draft` as a summary of at most `budget` tokens by estimate."""
    available = int(budget * FACTS_SHARE) if draft.large_values else budget
    kept = _kept_rows(draft.facts, available)
    facts = digest(_as_json(kept), available, derived=True)
    value = dict(facts.value)
    digests: list[Digest] = []
    left = budget - json_tokens(value)
    for done, (key, large) in enumerate(draft.large_values.items()):
        share = left // (len(draft.large_values) - done) - json_tokens(key) - 1
        shown = digest(large.value, max(MIN_LARGE_TOKENS, share), large.pointer)
        value[key] = shown.value
        left -= json_tokens({key: shown.value})
        digests.append(shown)
    whole = digest(value, budget, derived=True)
    rows = [each for each in kept.values() if isinstance(each, RowList)]
    omitted = [pointer for each in digests for pointer in each.omitted]
    counts, unit = [(each.shown, each.total) for each in digests], "values"
    if not omitted and any(each.omitted for each in rows):
        omitted = [each.omitted for each in rows if each.omitted]
        counts, unit = [(len(each.entries), each.total) for each in rows], "rows"
    if not omitted and (facts.truncated or whole.truncated):
        omitted = [_WHOLE_RECORD]
        counts = [(whole.shown, whole.total)] if whole.truncated else [(facts.shown, facts.total)]
    return ArtifactSummary(
        value=whole.value,
        shown=sum(shown for shown, _ in counts),
        total=sum(total for _, total in counts),
        truncated=bool(omitted),
        omitted=tuple(omitted),
        unit=unit,
    )


def _kept_rows(facts: dict[str, Json | RowList], budget: int) -> dict[str, Json | RowList]:
    """Return the facts with as many whole rows as fit, the longest list cut first."""
    kept = dict(facts)
    lists = {key: each for key, each in facts.items() if isinstance(each, RowList)}
    for key in sorted(lists, key=lambda key: -json_tokens(lists[key].entries)):
        if json_tokens_within(_as_json(kept), budget) is not None:
            break
        low, high = 1, len(lists[key].entries)
        while low < high:
            middle = (low + high + 1) // 2
            tried = _as_json({**kept, key: lists[key].kept(middle)})
            if json_tokens_within(tried, budget) is not None:
                low = middle
            else:
                high = middle - 1
        kept[key] = lists[key].kept(low)
    return kept


def _as_json(facts: dict[str, Json | RowList]) -> dict[str, Json]:
    result: dict[str, Json] = {}
    for key, fact in facts.items():
        if not isinstance(fact, RowList):
            result[key] = fact
        elif fact.count is not None:
            result[key] = {"count": fact.count, "first": fact.entries}
        else:
            if fact.total_name and fact.omitted:
                result[fact.total_name] = fact.total
            result[key] = fact.entries
    return result


def present(**facts: Json) -> dict[str, Json]:
    """Return the facts without None and without empty strings, lists, objects and row lists."""
    return {key: value for key, value in facts.items() if not _is_empty(value)}


def _is_empty(value: Json | RowList) -> bool:
    return not value.entries if isinstance(value, RowList) else value in (None, "", [], {})


def counted(rows: Sequence[Json], count: int | None = None) -> dict[str, Json] | None:
    """Return {"count", "first" MAX_ROWS rows}, None where there are no rows; `count` if not all."""
    if not rows:
        return None
    return {"count": len(rows) if count is None else count, "first": list(rows[:MAX_ROWS])}


def short(value: Json, max_tokens: int = VALUE_TOKENS) -> Json:
    """Return a value that fits into a row: long text cut, anything else large as its shape."""
    if isinstance(value, str):
        return clip(value, max_tokens)
    return digest(value, max_tokens, derived=True).value


def quoted(value: Json) -> str:
    """Return type and JSON text of a value for a sentence: `string "12"`, `null`."""
    if value is None:
        return "null"
    return f"{json_type(value)} {compact_json(short(value, QUOTED_TOKENS))}"
