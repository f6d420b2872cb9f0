"""Steps in which values begin: starts, extractions, classifications and called APIs."""

from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass

from retab_mcp.analysis.lineage.matching.leaves import Tokens, innermost_key, leaves, value_at
from retab_mcp.analysis.lineage.matching.likeness import Likeness, Wanted, same
from retab_mcp.analysis.lineage.tracing.trace import (
    Competing,
    Hop,
    Need,
    NeedArtifact,
    NeedEdit,
    NeedSource,
    Origin,
    Reply,
    Spot,
    Trace,
)
from retab_mcp.analysis.values.json_types import as_dict, as_dicts
from retab_mcp.digest.pointer import format_pointer
from retab_mcp.models import Artifact, Json
from retab_mcp.models.document_source import DocumentSource
from retab_mcp.models.lineage import How, KnownBy, OriginKind

# Block types, the earliest included, by what values in their outputs come from.
_STARTS = frozenset({"start", "start_json", "start_document"})
_READERS = frozenset({"extract", "parse"})
_CLASSIFIERS = frozenset({"classifier"})
_CALLERS = frozenset({"api_call"})
MAX_VOTES = 3


@dataclass(frozen=True)
class Maker:
    """A value in the outputs of a step that may have made it."""

    spot: Spot

    @property
    def decides(self) -> bool:
        """Return whether the type of the step says where its values come from."""
        kind = self.spot.step.type or ""
        if kind in _STARTS:
            return True
        return self.spot.tokens[1] != "document" and kind in _READERS | _CLASSIFIERS | _CALLERS


def origin_of(maker: Maker) -> Generator[Need, Reply, Trace | None]:
    """Return the trace of a value that a step made; None if it came from the step's inputs."""
    spot = maker.spot
    kind = spot.step.type or ""
    if kind in _STARTS:
        return _ended(spot, How.RUN_INPUT, OriginKind.RUN_INPUT, {})
    artifact = yield NeedArtifact(spot.step)
    record = artifact if isinstance(artifact, Artifact) else None
    if kind in _CALLERS:
        return _of_call(spot, record)
    if record is None:
        how = How.CLASSIFIED if kind in _CLASSIFIERS else How.EXTRACTED
        return _ended(spot, how, _kind_of(spot), {})
    return (yield from _of_record(spot, record))


def _kind_of(spot: Spot) -> OriginKind:
    is_class = spot.step.type in _CLASSIFIERS
    return OriginKind.CLASSIFICATION if is_class else OriginKind.DOCUMENT


def _of_record(spot: Spot, record: Artifact) -> Generator[Need, Reply, Trace]:
    """Return the trace of what a step read in its document, unless a review changed it."""
    tokens = spot.tokens[2:]
    output = record.data.get("output")
    there, read = value_at(output, tokens)
    how = How.CLASSIFIED if spot.step.type in _CLASSIFIERS else How.EXTRACTED
    if output and (not there or not same(read, spot.value)):
        edit = yield NeedEdit(spot.step, tokens, spot.value)
        if isinstance(edit, dict):
            path = "/output" + format_pointer(tokens)
            before = (Competing(spot.step, path, read, "before the review", True),) if there else ()
            trace = _ended(spot, How.EDITED_IN_REVIEW, OriginKind.REVIEW, edit)
            return Trace(trace.hops, trace.origin, before)
        if there:
            facts: dict[str, Json] = {
                "why": "differs from the step's own record; no review is known"
            }
            origin = Origin(OriginKind.UNKNOWN, spot, facts)
            path = "/output" + format_pointer(tokens)
            other = Competing(spot.step, path, read, "in the step's own record", True)
            return Trace((Hop(spot, How.UNKNOWN),), origin, (other,))
    facts = _likelihood(record, tokens)
    if record.operation == "extraction":
        source = yield NeedSource(record, tokens)
        facts |= _place_in(source) if isinstance(source, DocumentSource) else {}
    trace = _ended(spot, how, _kind_of(spot), facts)
    return Trace(trace.hops, trace.origin, _votes(spot, record, tokens))


def _place_in(source: DocumentSource) -> dict[str, Json]:
    if not source.found:
        return {"why": "the document does not contain this value"}
    facts = {"page": source.page, "text": source.text, **source.place}
    return {name: fact for name, fact in facts.items() if fact is not None}


def _likelihood(record: Artifact, tokens: Tokens) -> dict[str, Json]:
    likelihoods = as_dict(record.data.get("consensus")).get("likelihoods")
    found = likelihoods
    if isinstance(likelihoods, dict):
        _, found = value_at(likelihoods, tokens)
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    return {"likelihood": found} if is_number else {}


def _votes(spot: Spot, record: Artifact, tokens: Tokens) -> tuple[Competing, ...]:
    """Return the other values that votes had at a place, the most frequent first."""
    choices = as_dict(record.data.get("consensus")).get("choices")
    others: Counter[str] = Counter()
    values: dict[str, Json] = {}
    for choice in as_dicts(choices):
        there, value = value_at(choice, tokens)
        if there and not same(value, spot.value) and not isinstance(value, dict | list):
            others[repr(value)] += 1
            values[repr(value)] = value
    total = len(as_dicts(choices))
    path = "/consensus/choices"
    return tuple(
        Competing(spot.step, path, values[text], f"{count} of {total} votes", True)
        for text, count in others.most_common(MAX_VOTES)
    )


def _of_call(spot: Spot, record: Artifact | None) -> Trace | None:
    """Return the trace of a value that a called API answered; None if it did not."""
    facts: dict[str, Json] = {}
    if record is not None:
        attempts = as_dicts(record.data.get("attempts"))
        wanted = Wanted(spot.value)
        answered = [one for one in attempts if _answers(one.get("response_body"), wanted, spot)]
        sent = any(_answers(one.get("request_body"), wanted, spot) for one in attempts)
        if attempts and not answered and sent:
            return None
        last = (answered or attempts or [{}])[-1]
        facts = {
            "attempt": last.get("attempt_number"),
            "response_status": last.get("response_status"),
            "method": last.get("request_method"),
            "url": last.get("request_url"),
        }
    return _ended(spot, How.ANSWERED_BY_API, OriginKind.CALLED_API, facts)


def _answers(body: Json, wanted: Wanted, spot: Spot) -> bool:
    key = innermost_key(spot.tokens[2:])
    there, value = value_at(body, spot.tokens[2:])
    if there and same(value, spot.value):
        return True
    return any(
        wanted.likeness(leaf.value) is Likeness.EQUAL and (wanted.distinctive or leaf.key == key)
        for leaf in leaves({"body": {"data": body}})
    )


def _ended(spot: Spot, how: How, kind: OriginKind, facts: dict[str, Json]) -> Trace:
    known_by = KnownBy.RECORD
    return Trace((Hop(spot, how, known_by),), Origin(kind, spot, facts))
