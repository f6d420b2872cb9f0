"""Say which values sent a step to a person."""

from collections.abc import Iterator

from retab_mcp.analysis.values.artifact_fields import OUTPUT
from retab_mcp.analysis.values.json_types import as_dict, as_dicts
from retab_mcp.analysis.values.likelihoods import is_likelihood, low_likelihoods
from retab_mcp.models import Artifact, Json, Review

MAX_VALUES = 3
# How deep conditions of a review hold others.
_MAX_DEPTH = 5
_BY_LIKELIHOOD = frozenset({"confidence_lt", "field_confidence_lt"})


def doubtful_values(review: Review | None, record: Artifact | None) -> dict[str, Json]:
    """Return the values whose likelihood is under the limit of a review, {} if none is known.

    Of {"count", "limit", "lowest": [{"path", "value", "likelihood"}]}, the paths begin with
    /output, as in the record; the likelihoods are from 0 to 1.
    """
    if review is None or record is None:
        return {}
    limit = max(_limits(review.triggered_by, 0), default=None)
    if limit is None:
        return {}
    likelihoods = as_dict(record.data.get("consensus")).get("likelihoods")
    likelihoods = likelihoods or record.data.get("likelihoods")
    low = low_likelihoods(likelihoods, record.data.get("output"), MAX_VALUES, OUTPUT, limit)
    if not low.count:
        return {}
    rows: list[Json] = [
        {"path": one.path, "value": one.value, "likelihood": one.likelihood} for one in low.worst
    ]
    return {"below_limit": {"limit": limit, "count": low.count, "lowest": rows}}


def _limits(trigger: dict[str, Json], depth: int) -> Iterator[float]:
    """Yield the limits of likelihood in a condition and those that it holds."""
    limit = trigger.get("threshold")
    if trigger.get("kind") in _BY_LIKELIHOOD and is_likelihood(limit):
        yield limit
    if depth < _MAX_DEPTH:
        for inner in as_dicts(trigger.get("predicates")):
            yield from _limits(inner, depth + 1)
