"""Say what to do about a failure, by the values and records that the failed step has."""

import re
from collections.abc import Iterable

from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.analysis.lineage.suspicious_inputs import UNSEEN, Suspicion
from retab_mcp.analysis.values.json_types import as_dict
from retab_mcp.models import FailureKind

# Kinds that invisible characters in the inputs can explain.
_BY_CHARACTERS = frozenset(
    {
        *(FailureKind.FUNCTION_EXCEPTION, FailureKind.CALLED_API_REFUSED, FailureKind.ROUTING),
        *(FailureKind.SCHEMA_VIOLATION, FailureKind.UNKNOWN),
    }
)
_REQUIRED = re.compile(r"'([^'\n]{1,80})' is a required property")
_OTHER_TYPE = re.compile(r"is not of type '?(\w+)|Input should be an? (?:valid )?(\w+)", re.I)
# Types of blocks that read values from documents.
READS_DOCUMENTS = frozenset({"extract", "extraction", "extractor"})

_WITHOUT_CODE = (
    "Open the block in Retab and compare its code, which the run does not record, with the inputs"
    " that it received."
)
_TRACED = (
    "Open the block's code in Retab, which the run does not record, at the line that raised, and"
    " compare it with the inputs."
)
_INPUTS_ONLY = "The run records no reason: check the step's inputs, and its block in Retab."
_NOTHING = (
    "The run records neither a reason nor inputs of this step: open its block in Retab, and"
    " restart the run to see if it fails again."
)


def suggestion_by_code(cause: RootCause, *, has_code: bool) -> str:
    """Return what to do about the cause of a function's failure, by what is recorded of it.

    `has_code` says that the lines of its code are known. Other kinds keep their suggestion.
    """
    if cause.kind != FailureKind.FUNCTION_EXCEPTION:
        return cause.suggestion
    absent = as_dict(cause.evidence.get("absent_key"))
    if absent.get("nearest"):
        return (
            f"The function reads {absent['key']}, its input has {absent['nearest']}: use the same"
            " name in the function and in the step before it."
        )
    if has_code:
        return cause.suggestion
    traced = cause.details is not None and cause.details.stack_trace
    return _TRACED if traced or "stack_trace" in cause.evidence else _WITHOUT_CODE


def suggestion_by_values(
    cause: RootCause, suspicious: Iterable[Suspicion], *, has_inputs: bool
) -> str:
    """Return what to do about a failure, by what the failed step received and recorded.

    `suspicious` are values in its inputs that look wrong, `has_inputs` says whether its inputs are
    recorded. Where nothing is known beyond the kind, the cause's suggestion stays.
    """
    unseen = _unseen_value(cause, suspicious)
    if unseen is not None:
        codes = unseen.problem.removeprefix(UNSEEN)
        field = unseen.path.rpartition("/")[2]
        return (
            f"Remove the invisible characters ({codes}) from {field} before this step: the value"
            " only looks like the one that was expected."
        )
    if cause.kind == FailureKind.UNKNOWN and cause.step is not None:
        if cause.step.artifact is not None:
            return cause.suggestion
        return _INPUTS_ONLY if has_inputs else _NOTHING
    return cause.suggestion


def _unseen_value(cause: RootCause, suspicious: Iterable[Suspicion]) -> Suspicion | None:
    """Return the value with invisible characters that the error quotes, if there is one."""
    if cause.kind not in _BY_CHARACTERS:
        return None
    return next(
        (
            one
            for one in suspicious
            if one.problem.startswith(UNSEEN)
            and isinstance(one.value, str)
            and re.search(rf"['\"`]{re.escape(one.value)}['\"`]", cause.message)
        ),
        None,
    )


def suggestion_by_schema(cause: RootCause) -> str:
    """Return what to do about an extraction that does not match its schema.

    It names the field that is absent or the type that is expected, if the message does. Other
    causes keep their suggestion.
    """
    step = cause.step
    if cause.kind != FailureKind.SCHEMA_VIOLATION or step is None:
        return cause.suggestion
    if step.type not in READS_DOCUMENTS:
        return cause.suggestion
    if required := _REQUIRED.search(cause.message):
        return (
            f"Look for {required[1]} in the document: if it is there, describe in the schema where"
            " to find it; if documents may lack it, make it optional."
        )
    if other := _OTHER_TYPE.search(cause.message):
        name = other[1] or other[2]
        return (
            f"Say in the field's description how to write the value as {name}, or allow what the"
            " document has in the schema."
        )
    return cause.suggestion
