"""A summary of an artifact, made for what its operation can do wrong."""

from collections.abc import Callable

from retab_mcp.analysis.operations import (
    api_call,
    classification,
    edit,
    evaluations,
    extraction,
    function,
    generic,
    parse,
    split,
)
from retab_mcp.analysis.summary import Parts, Summary, fit
from retab_mcp.models import Artifact, Json, Operation, Status

__all__ = ["Summary", "summarize"]

_BY_OPERATION: dict[str, Callable[[dict[str, Json]], Parts]] = {
    Operation.EXTRACTION: extraction.summarize,
    Operation.SPLIT: split.summarize_split,
    Operation.PARTITION: split.summarize_partition,
    Operation.CLASSIFICATION: classification.summarize,
    Operation.PARSE: parse.summarize,
    Operation.EDIT: edit.summarize,
    Operation.CONDITIONAL_EVALUATION: evaluations.summarize_conditional,
    Operation.REVIEW_TRIGGER_EVALUATION: evaluations.summarize_review,
    Operation.WHILE_LOOP_TERMINATION: evaluations.summarize_while_loop,
    Operation.API_CALL_INVOCATION: api_call.summarize,
    Operation.FUNCTION_INVOCATION: function.summarize,
}


def summarize(artifact: Artifact, budget: int) -> Summary:
    """Return what matters in `artifact`, in at most `budget` tokens by estimate.

    Pointers in it are pointers into `artifact.data`. The record is sanitized already. An
    operation that is not known, or a record that holds nothing its operation should, gets the
    generic digest.
    """
    known = _BY_OPERATION.get(artifact.operation)
    parts = known(_meant(artifact)) if known is not None else None
    if parts is None or not (parts.facts or parts.bodies):
        return generic.summarize(artifact.data, budget)
    return fit(parts, budget)


def _meant(artifact: Artifact) -> dict[str, Json]:
    """The record without the empty output that the vendor puts where there is none: until an
    operation completed, `{}` is not an extraction without fields."""
    if artifact.status in (None, Status.COMPLETED) or artifact.data.get("output"):
        return artifact.data
    return {key: value for key, value in artifact.data.items() if key != "output"}
