"""The kinds of failure: what each means, and what to do about it."""

from dataclasses import dataclass

from retab_mcp.models import FailureKind


@dataclass(frozen=True, slots=True)
class KindText:
    """What a kind of failure means, and what to do about it; a sentence each."""

    explanation: str
    suggestion: str


CATALOGUE: dict[FailureKind, KindText] = {
    FailureKind.CREDENTIALS: KindText(
        "A called API rejected the key, token or login that was sent.",
        "Renew or replace the credentials that this block sends.",
    ),
    FailureKind.CALLED_API_DOWN: KindText(
        "A called API, database or host could not be reached, or answered with a server error.",
        "Check that the called service is up.",
    ),
    FailureKind.CALLED_API_REFUSED: KindText(
        "A called API answered, but rejected the request itself.",
        "Compare the request that was sent with what the called API accepts.",
    ),
    FailureKind.RATE_LIMITED: KindText(
        "A service received too many requests in a short time.",
        "Send fewer requests at a time, or later.",
    ),
    FailureKind.CREDITS_EXHAUSTED: KindText(
        "The credits or the quota of the account are used up.",
        "Add credits or raise the quota.",
    ),
    FailureKind.TIMEOUT: KindText(
        "A call or a computation took longer than its time limit.",
        "Check if the called service is slow or the input too large.",
    ),
    FailureKind.DOCUMENT_UNREADABLE: KindText(
        "The document is password protected, corrupt, empty, too large or of an unsupported type.",
        "Open the document to see what is wrong, then start a new run with a readable one.",
    ),
    FailureKind.SCHEMA_VIOLATION: KindText(
        "Data lacks fields, or has types other than its JSON Schema requires.",
        "Compare the data with the schema at the field that the message names.",
    ),
    FailureKind.MISSING_INPUT: KindText(
        "The step did not receive an input that it needs.",
        "Check which block each input handle is connected to, and what that block produced.",
    ),
    FailureKind.FUNCTION_EXCEPTION: KindText(
        "The code of a function block raised an exception.",
        "Read the function's code at the line that raised, and the inputs that it received.",
    ),
    FailureKind.LOOP_LIMIT: KindText(
        "A while loop reached its maximum number of iterations before its exit condition held.",
        "Check why the exit condition never held; raise the limit only if more iterations help.",
    ),
    FailureKind.ROUTING: KindText(
        "No branch or category of the block matched the value, or its target is not connected.",
        "Compare the block's conditions or categories with the actual value.",
    ),
    FailureKind.STORAGE: KindText(
        "A file or payload could not be written to or read from Retab's storage.",
        "Check that the file or payload still exists and is not too large.",
    ),
    FailureKind.CANCELLED: KindText(
        "The run was cancelled before it completed.",
        "Restart the run if the cancellation was not intended.",
    ),
    FailureKind.WAITING_FOR_REVIEW: KindText(
        "The run is waiting for a person to review a step.",
        "Have a reviewer of this workflow approve or reject it in Retab; the run then continues.",
    ),
    FailureKind.UNKNOWN: KindText(
        "No known failure pattern matched.",
        "Read the step's inputs and its artifact.",
    ),
}


# Suggested for a failure of unknown kind in a run without a failed step.
NO_STEP_SUGGESTION = "Restart the run; if it fails again, send its id to Retab's support."


@dataclass(frozen=True, slots=True)
class Verdict:
    """The kind of a failure, and the fact that shows it."""

    kind: FailureKind
    reason: str

    @property
    def suggestion(self) -> str:
        """One sentence on what to do about this kind of failure."""
        return CATALOGUE[self.kind].suggestion


def kind_of_status(status: int) -> FailureKind | None:
    """Return the kind of failure that a called API's HTTP status shows; None below 400."""
    if status < 400:
        return None
    if status in (401, 403, 407):
        return FailureKind.CREDENTIALS
    if status in (402, 507):
        return FailureKind.CREDITS_EXHAUSTED
    if status == 429:
        return FailureKind.RATE_LIMITED
    # 522 and 524 are those of a proxy whose server does not answer.
    if status in (408, 504, 522, 524):
        return FailureKind.TIMEOUT
    return FailureKind.CALLED_API_REFUSED if status < 500 else FailureKind.CALLED_API_DOWN
