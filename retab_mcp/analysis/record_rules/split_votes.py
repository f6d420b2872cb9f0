"""Votes of a consensus that split: on which fields, with which values."""

from collections.abc import Iterator, Sequence

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.summary import short
from retab_mcp.analysis.values.artifact_fields import MAX_NAMED, OUTPUT, output_of
from retab_mcp.analysis.values.json_types import as_dict
from retab_mcp.analysis.values.likelihoods import LOW_LIKELIHOOD
from retab_mcp.analysis.values.votes import Disagreement, Vote, disagreements
from retab_mcp.digest.compact import compact_json
from retab_mcp.models import Artifact, FindingKind, Json

# Disputed places that are looked at, the most disputed first.
MAX_DISPUTED = 50
# Fields and values that a sentence names.
_MAX_FIELDS, _MAX_VALUES = 2, 3
_VALUE_TOKENS = 12


def find_split_votes(artifact: Artifact) -> Iterator[Finding]:
    """Yield a finding where the votes split on values without a clear majority."""
    split = [one for one in split_votes(artifact) if _is_close(one.votes)]
    if not split:
        return
    first = split[:_MAX_FIELDS]
    named = "; ".join(f"{field_name(one)}: {votes_in_words(one.votes)}" for one in first)
    more = len(split) - _MAX_FIELDS
    fields = "field" if more == 1 else "fields"
    message = f"the votes split on {named}" + (f" and {more} more {fields}" if more > 0 else "")
    paths = tuple(one.path for one in split[:MAX_NAMED])
    yield Finding(FindingKind.VOTES_DISAGREE, message, "choices", paths=paths)


def split_votes(artifact: Artifact) -> list[Disagreement]:
    """Return the places where votes differ by more than case, spaces and punctuation."""
    choices = as_dict(artifact.data.get("consensus")).get("choices")
    if not isinstance(choices, list) or not isinstance(output_of(artifact), dict):
        return []
    found = disagreements(choices, MAX_DISPUTED, OUTPUT).worst
    return [one for one in found if len({_plain(vote) for vote in one.votes}) > 1]


def votes_in_words(votes: Sequence[Vote]) -> str:
    """Return the values with their counts, the most frequent first: `120 (2), 210 (1)`."""
    named = [f"{_value(vote)} ({vote.count})" for vote in votes[:_MAX_VALUES]]
    more = len(votes) - _MAX_VALUES
    return ", ".join(named) + (f" and {more} more" if more > 0 else "")


def field_name(one: Disagreement) -> str:
    """Return the place of a disagreement as a dotted name."""
    return one.path.removeprefix(OUTPUT).strip("/").replace("/", ".")


def _value(vote: Vote) -> str:
    return "absent" if vote.absent else compact_json(short(vote.value, _VALUE_TOKENS))


def _is_close(votes: Sequence[Vote]) -> bool:
    return votes[0].count < LOW_LIKELIHOOD * sum(vote.count for vote in votes)


def _plain(vote: Vote) -> Json:
    if isinstance(vote.value, str):
        return "".join(char for char in vote.value.casefold() if char.isalnum())
    return "" if vote.absent else compact_json(vote.value)
