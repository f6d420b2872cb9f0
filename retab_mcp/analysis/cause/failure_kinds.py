"""The catalogue of failures: which kind one is, on what that rests, and what to check next.

Structured facts decide before words do: the status that a called API answered, the category, an
error code, an exception, the stage. Words of a message count only where they are general ones;
block names and labels never do. What nothing speaks for stays `unknown`.
"""

import re
from dataclasses import dataclass

from retab_mcp.analysis.cause.block_names import Names
from retab_mcp.analysis.cause.failure_words import kind_in_words
from retab_mcp.analysis.operations.api_call import error_message, response_status
from retab_mcp.analysis.summary import as_dict, as_dicts, as_text
from retab_mcp.models import (
    Artifact,
    Category,
    Failure,
    FailureKind,
    Json,
    Operation,
    Stage,
    StepSummary,
)


@dataclass(frozen=True, slots=True)
class KindText:
    """What a kind of failure means, and what to do about it; a sentence each."""

    explanation: str
    suggestion: str


CATALOGUE: dict[FailureKind, KindText] = {
    FailureKind.CREDENTIALS: KindText(
        "A called API rejected the key, token or login that was sent.",
        "Renew or replace the credentials that this block sends, then restart the run.",
    ),
    FailureKind.CALLED_API_DOWN: KindText(
        "A called API could not be reached, or answered with a server error.",
        "Check that the called service is up, then restart the run.",
    ),
    FailureKind.CALLED_API_REFUSED: KindText(
        "A called API answered, but rejected the request itself.",
        "Compare the request that was sent with what the called API accepts.",
    ),
    FailureKind.RATE_LIMITED: KindText(
        "A service received too many requests in a short time.",
        "Send fewer requests at a time, or restart the run later.",
    ),
    FailureKind.CREDITS_EXHAUSTED: KindText(
        "The credits or the quota of the account are used up.",
        "Add credits or raise the quota, then restart the run.",
    ),
    FailureKind.TIMEOUT: KindText(
        "A call or a computation took longer than its time limit.",
        "Check the called service and the size of the input, then restart the run.",
    ),
    FailureKind.DOCUMENT_UNREADABLE: KindText(
        "The document is password protected, corrupt, empty or of an unsupported type.",
        "Open the document, replace it with a readable one, and start a new run.",
    ),
    FailureKind.SCHEMA_VIOLATION: KindText(
        "Data does not have the fields or types that its JSON Schema asks for.",
        "Compare the data with the schema at the field that the message names.",
    ),
    FailureKind.MISSING_INPUT: KindText(
        "The step did not receive an input that it needs.",
        "Check which block each input handle is connected to, and what that block produced.",
    ),
    FailureKind.FUNCTION_EXCEPTION: KindText(
        "The code of a function block raised an exception.",
        "Read the function's code at the line that raised, with the inputs it received.",
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
        "Check that the file still exists, then restart the run.",
    ),
    FailureKind.CANCELLED: KindText(
        "The run was cancelled before it completed.",
        "Restart the run if the cancellation was not intended.",
    ),
    FailureKind.WAITING_FOR_REVIEW: KindText(
        "The run is waiting for a person to review a step.",
        "Approve or reject the review in Retab; the run then continues.",
    ),
    FailureKind.UNKNOWN: KindText(
        "No known failure pattern matched.",
        "Read the step's inputs and its artifact.",
    ),
}

# The stages of the vendor that name a kind by themselves, where nothing else does.
_STAGES: dict[str, FailureKind] = {
    Stage.INPUT_COLLECTION: FailureKind.MISSING_INPUT,
    Stage.DOCUMENT_FETCH: FailureKind.DOCUMENT_UNREADABLE,
    Stage.ROUTING: FailureKind.ROUTING,
    Stage.OUTPUT_STORAGE: FailureKind.STORAGE,
    Stage.HISTORY_PAYLOAD: FailureKind.STORAGE,
}

# The word for a function's block was a plural until 22 March 2026.
_FUNCTION_TYPES = frozenset({"function", "functions", "formula"})

# What a block of this type cannot fail by, whatever the words of its message are about: those of a
# function are its author's, on branches of a firm and categories of products.
_NO_CHOICE = frozenset({FailureKind.ROUTING})
_NEVER = {
    **dict.fromkeys(_FUNCTION_TYPES, frozenset({FailureKind.ROUTING, FailureKind.LOOP_LIMIT})),
    **dict.fromkeys(("api_call", "edit", "extract", "parse"), _NO_CHOICE),
}

# By its suffix, or as a class in a module.
_EXCEPTION = re.compile(
    r"^(?:Uncaught |[Ll]ine \d+: )?(?:\w+\.)*[A-Z]\w*(?:Error|Exception|Interrupt|Iteration)\b"
    r"|^Exception(?=: )"
    r"|^(?:[a-z_]\w*\.)+[A-Z]\w*(?=:|$)"
)
_TRACE = "Traceback (most recent call last)"
# A status as messages write it: "HTTP 503", "status code: 401", "404 Not Found", "502".
_STATUS = re.compile(
    r"\b(?:HTTP(?:/[\d.]+)?|status(?: code)?|code|returned|responded with|answered)\W{0,3}"
    r"([45]\d\d)\b|\b([45]\d\d) [A-Z][a-z]+|^([45]\d\d)(?:$|[.:,;]| from\b)"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A kind of the catalogue, the fact it rests on, and what to check next."""

    kind: FailureKind
    reason: str

    @property
    def suggestion(self) -> str:
        """What to check next, in one line."""
        return CATALOGUE[self.kind].suggestion


def classify(
    failure: Failure | None, step: StepSummary | None = None, artifact: Artifact | None = None
) -> Verdict:
    """Return which kind of failure this is.

    `failure` is the step's (or the run's), `artifact` the record of the failing step where it
    was read. Never raises; without a fact that speaks for a kind the kind is `unknown`.
    """
    step_type = step.type if step is not None else None
    names = Names((step.label, step.block_id) if step is not None else ())
    if failure is not None:
        message = names.taken_out_of(failure.message)
        failure = failure.model_copy(update={"message": message})
    return (
        _by_answer(artifact)
        or _by_category(failure)
        or _by_loop_end(artifact)
        or _by_code(failure, artifact)
        or _by_exception(failure, step_type, artifact)
        or _by_words(failure, step_type, artifact, names)
        or _by_stage(failure)
        or Verdict(FailureKind.UNKNOWN, "no known failure pattern matched")
    )


def kind_of_status(status: int) -> FailureKind | None:
    """Return the kind that an HTTP status of a called API stands for; None below 400."""
    if status < 400:
        return None
    if status in (401, 403, 407):
        return FailureKind.CREDENTIALS
    if status == 402:
        return FailureKind.CREDITS_EXHAUSTED
    if status == 429:
        return FailureKind.RATE_LIMITED
    if status == 408:
        return FailureKind.TIMEOUT
    return FailureKind.CALLED_API_REFUSED if status < 500 else FailureKind.CALLED_API_DOWN


def _by_answer(artifact: Artifact | None) -> Verdict | None:
    """By what the called API answered to the last attempt, or why it did not."""
    if artifact is None or artifact.operation != Operation.API_CALL_INVOCATION:
        return None
    attempts = as_dicts(artifact.data.get("attempts"))
    if not attempts:
        return None
    status = response_status(attempts[-1])
    if status is not None:
        kind = kind_of_status(status)
        return Verdict(kind, f"the last attempt was answered with {status}") if kind else None
    found = kind_in_words(error_message(attempts[-1].get("error")), is_api_call=True)
    if found is None:
        return None
    return Verdict(found.kind, f'the last attempt got no answer: "{found.words}"')


def _by_category(failure: Failure | None) -> Verdict | None:
    if failure is None or failure.category != Category.QUOTA:
        return None
    found = kind_in_words(failure.message)
    kind = (
        found.kind
        if found and found.kind == FailureKind.RATE_LIMITED
        else FailureKind.CREDITS_EXHAUSTED
    )
    return Verdict(kind, "the category is quota")


def _by_loop_end(artifact: Artifact | None) -> Verdict | None:
    if artifact is None or artifact.operation != Operation.WHILE_LOOP_TERMINATION:
        return None
    if artifact.data.get("termination_reason") != "max_iterations_reached":
        return None
    return Verdict(FailureKind.LOOP_LIMIT, "the loop ended with max_iterations_reached")


def _by_code(failure: Failure | None, artifact: Artifact | None) -> Verdict | None:
    """By an error code, which is read like words: `insufficient_credits`."""
    for code in _codes(failure, artifact):
        found = kind_in_words(re.sub(r"[_.\-]+", " ", code))
        if found is not None:
            return Verdict(found.kind, f"the error code is {code}")
    return None


def _codes(failure: Failure | None, artifact: Artifact | None) -> list[str]:
    failures = (artifact.failure if artifact is not None else None, failure)
    codes: list[Json] = [
        known.details.error_code
        for known in failures
        if known is not None and known.details is not None
    ]
    if artifact is not None:
        error = as_dict(artifact.data.get("error"))
        codes += [error.get("code"), error.get("error_code")]
    return [code for code in codes if isinstance(code, str) and code]


def _by_exception(
    failure: Failure | None, step_type: str | None, artifact: Artifact | None
) -> Verdict | None:
    is_function = step_type in _FUNCTION_TYPES or (
        artifact is not None and artifact.operation == Operation.FUNCTION_INVOCATION
    )
    if not is_function:
        return None
    for message, trace in _errors(failure, artifact):
        last_line = trace.strip().rpartition("\n")[2]
        named = _EXCEPTION.match(message) or _EXCEPTION.match(last_line)
        if named:
            return Verdict(FailureKind.FUNCTION_EXCEPTION, f"the function raised {named[0]}")
        if trace or _TRACE in message:
            return Verdict(FailureKind.FUNCTION_EXCEPTION, "the function's error has a stack trace")
    return None


def _errors(failure: Failure | None, artifact: Artifact | None) -> list[tuple[str, str]]:
    """Message and stack trace of each record of the failure, the artifact's first."""
    found = []
    if artifact is not None:
        error = artifact.data.get("error")
        found.append((error_message(error), as_text(as_dict(error).get("stack_trace"))))
    for known in (artifact.failure if artifact is not None else None, failure):
        if known is not None:
            trace = known.details.stack_trace if known.details is not None else None
            found.append((known.message, trace or ""))
    return found


def _by_words(
    failure: Failure | None, step_type: str | None, artifact: Artifact | None, names: Names
) -> Verdict | None:
    is_api_call = step_type == "api_call"
    messages = [message for message, _ in _errors(failure, artifact)]
    if failure is not None and failure.details is not None:
        messages.append(failure.details.message or "")
        status = _status_in_context(failure.details.context) if is_api_call else None
        if status is not None and (kind := kind_of_status(status)):
            return Verdict(kind, f"the called API answered {status}")
    for message in map(names.taken_out_of, messages):
        stated = _STATUS.search(message) if is_api_call else None
        if stated and (kind := kind_of_status(int(stated[1] or stated[2] or stated[3]))):
            return Verdict(kind, f'the message says "{stated[0]}"')
        found = kind_in_words(message, is_api_call, _NEVER.get(step_type or "", ()))
        if found is not None:
            return Verdict(found.kind, f'the message says "{found.words}"')
    return None


def _status_in_context(context: Json) -> int | None:
    for key in ("response_status", "status_code", "http_status"):
        status = as_dict(context).get(key)
        if isinstance(status, int) and not isinstance(status, bool):
            return status
    return None


def _by_stage(failure: Failure | None) -> Verdict | None:
    if failure is None or failure.stage is None or failure.stage not in _STAGES:
        return None
    return Verdict(_STAGES[failure.stage], f"it failed in the stage {failure.stage}")
