"""Decide the kind of a failure.

Structured facts decide before words: what the artifact shows, the category, an error code, an
exception. Then general words of the message decide, then the stage. Names of blocks and quoted
values never count. If nothing decides, the kind is unknown.
"""

import re

from retab_mcp.analysis.cause.answered_status import kind_of_answer, said_in_body
from retab_mcp.analysis.cause.block_names import BlockNames
from retab_mcp.analysis.cause.evidence.error_layers import messages_in
from retab_mcp.analysis.cause.evidence.failure_report import error_sources
from retab_mcp.analysis.cause.failure_kinds import Verdict
from retab_mcp.analysis.cause.failure_words import (
    WordMatch,
    is_own_error,
    kind_in_words,
    kind_of_library_error,
    kind_of_refusal,
    says_code_failed,
    says_unreachable,
    store_failed,
)
from retab_mcp.analysis.code_steps import FUNCTION_TYPES
from retab_mcp.analysis.operations import failure_clue
from retab_mcp.analysis.values.artifact_fields import error_message
from retab_mcp.analysis.values.json_types import as_dict, as_dicts, as_text
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

# Stages that imply a kind, used if nothing else shows one.
_STAGES: dict[str, FailureKind] = {
    Stage.INPUT_COLLECTION: FailureKind.MISSING_INPUT,
    Stage.DOCUMENT_FETCH: FailureKind.DOCUMENT_UNREADABLE,
    Stage.ROUTING: FailureKind.ROUTING,
    Stage.OUTPUT_STORAGE: FailureKind.STORAGE,
    Stage.HISTORY_PAYLOAD: FailureKind.STORAGE,
}

# Kinds that a block type cannot have, whatever the words of its message: a function's message is
# about its author's subject, such as branches of a company and categories of products.
_NO_CHOICE = frozenset({FailureKind.ROUTING})
_NEVER = {
    **dict.fromkeys(FUNCTION_TYPES, frozenset({FailureKind.ROUTING, FailureKind.LOOP_LIMIT})),
    **dict.fromkeys(("api_call", "edit", "extract", "parse"), _NO_CHOICE),
}

# Kinds that an API call cannot have where its message is about fields of the request.
_OF_REQUEST = frozenset({FailureKind.ROUTING, FailureKind.SCHEMA_VIOLATION})

# An exception: a name with the usual suffix, or a class in a module.
_EXCEPTION = re.compile(
    r"^(?:Uncaught |[Ll]ine \d+: )?(?:\w+\.)*[A-Z]\w*(?:Error|Exception|Interrupt|Iteration)\b"
    r"|^Exception(?=: )"
    r"|^(?:[a-z_]\w*\.)+(?:[A-Z]\w*|error(?:_\w+)?|exception|timeout|[gh]\w*error)(?=:|$)"
)
# How a function's sandbox names the line of code that it refused: "[line 2]".
_CODE_LINE = re.compile(r"\[[Ll]ine \d+\]")
_TRACE = "Traceback (most recent call last)"
# An HTTP status in a message: "HTTP 503", "status code: 401", "404 Not Found", "(403) Forbidden",
# "502". Codes of mail and file servers are no HTTP statuses: "550 Mailbox not found".
_NUMBER = r"(?:4[01]\d|42[02-9]|431|451|499|50\d|51[01]|52\d)"
_STATUS = re.compile(
    r"\b(?:HTTP(?:/[\d.]+)?|status_?(?: ?[Cc]ode)?|code|returned|responded with|answered)\W{0,3}"
    rf"([45]\d\d)\b|\b({_NUMBER}) [A-Z][a-z]+|^({_NUMBER})(?:$|[.:,;]| from\b)"
    rf"|\(({_NUMBER})\) [A-ZÀ-Þ]\w*[a-zß-ÿ]|\bError:? ({_NUMBER}):"
)


def classify(
    failure: Failure | None, step: StepSummary | None = None, artifact: Artifact | None = None
) -> Verdict:
    """Return the kind of a failure, and the fact that shows it.

    `failure` is the step's (or the run's), `artifact` the failed step's, if it was read. Never
    raises; the kind is `unknown` if nothing shows it.
    """
    step_type = step.type if step is not None else None
    names = BlockNames((step.label, step.block_id) if step is not None else ())
    if failure is not None:
        message = names.removed_from(failure.message)
        failure = failure.model_copy(update={"message": message})
    return (
        _by_artifact(artifact, step_type)
        or _by_category(failure)
        or _by_code(failure, artifact)
        or _by_exception(failure, step_type, artifact)
        or _by_words(failure, step_type, artifact, names)
        or _by_body(artifact)
        or _by_stage(failure)
        or Verdict(FailureKind.UNKNOWN, "no known failure pattern matched")
    )


def _by_artifact(artifact: Artifact | None, step_type: str | None) -> Verdict | None:
    clue = failure_clue(artifact) if artifact is not None else None
    if clue is None:
        return None
    if clue.kind is not None:
        return Verdict(clue.kind, clue.reason)
    if clue.status is not None:
        return _by_answer(clue.status, _said(artifact), clue.reason, step_type)
    found = kind_in_words(clue.message, is_api_call=True)
    return Verdict(found.kind, f'{clue.reason}: "{found.words}"') if found is not None else None


def _said(artifact: Artifact | None) -> list[str]:
    """Return what the last answer of a called API says."""
    attempts = as_dicts(artifact.data.get("attempts")) if artifact is not None else []
    return said_in_body(attempts[-1].get("response_body")) if attempts else []


def _by_body(artifact: Artifact | None) -> Verdict | None:
    """Judge a call that failed although it was answered with a status of success."""
    for message in _said(artifact):
        found = kind_in_words(message, True, _OF_REQUEST) or kind_of_refusal(message)
        if found is not None:
            return Verdict(found.kind, f'the called API answered "{found.words}"')
    return None


def _by_answer(
    status: int, said: list[str], reason: str, step_type: str | None = None
) -> Verdict | None:
    found = kind_of_answer(status, said, step_type)
    if found is None:
        return None
    kind, words = found
    return Verdict(kind, f'{reason}: "{words}"' if words else reason)


def _by_category(failure: Failure | None) -> Verdict | None:
    if failure is None or failure.category != Category.QUOTA:
        return None
    found = kind_in_words(failure.message)
    is_rate = found is not None and found.kind == FailureKind.RATE_LIMITED
    kind = FailureKind.RATE_LIMITED if is_rate else FailureKind.CREDITS_EXHAUSTED
    return Verdict(kind, "the error category is quota")


def _by_code(failure: Failure | None, artifact: Artifact | None) -> Verdict | None:
    """Judge by an error code, which is read like words: `insufficient_credits`."""
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
    is_function = step_type in FUNCTION_TYPES or (
        artifact is not None and artifact.operation == Operation.FUNCTION_INVOCATION
    )
    if not is_function:
        return None
    for message, trace in _errors(failure, artifact):
        # A host that cannot be reached is not a fault of the function's code.
        found = says_unreachable(message) or says_unreachable(trace.strip().rpartition("\n")[2])
        if found is not None:
            return Verdict(found.kind, f'the message says "{found.words}"')
        last_line = trace.strip().rpartition("\n")[2]
        named = _EXCEPTION.match(message) or _EXCEPTION.match(last_line)
        if named:
            if verdict := _by_library_error(named.string, named[0]):
                return verdict
            return Verdict(FailureKind.FUNCTION_EXCEPTION, f"the function raised {named[0]}")
        if trace or _TRACE in message:
            return Verdict(FailureKind.FUNCTION_EXCEPTION, "the function's error has a stack trace")
        if words := says_code_failed(message):
            return Verdict(FailureKind.FUNCTION_EXCEPTION, f'the message says "{words}"')
        if line := _CODE_LINE.search(message):
            reason = f"the function's error names its {line[0].strip('[]')}"
            return Verdict(FailureKind.FUNCTION_EXCEPTION, reason)
    return None


def _by_library_error(message: str, named: str) -> Verdict | None:
    """Judge an exception: what a library raised can be what a service said to the function."""
    if words := store_failed(message):
        return Verdict(FailureKind.STORAGE, f'the function raised {named}: "{words}"')
    name = named.rpartition(" ")[2]
    if is_own_error(name):
        return None
    stated = _STATUS.search(message)
    if stated and (
        verdict := _by_answer(_status_in(stated), [message], f"the function raised {named}")
    ):
        return verdict
    found = kind_of_library_error(message, name)
    if found is None:
        return None
    return Verdict(found.kind, f'the function raised {named}: "{found.words}"')


def _status_in(stated: re.Match[str]) -> int:
    return int(next(filter(None, stated.groups())))


def _errors(failure: Failure | None, artifact: Artifact | None) -> list[tuple[str, str]]:
    """Return message and stack trace of each record of the failure, the artifact's first."""
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
    failure: Failure | None, step_type: str | None, artifact: Artifact | None, names: BlockNames
) -> Verdict | None:
    is_api_call = step_type == "api_call" or (
        artifact is not None and artifact.operation == Operation.API_CALL_INVOCATION
    )
    # The innermost message is nearest to what went wrong.
    messages = messages_in(error_sources(failure, artifact))[::-1]
    messages += [message for message, _ in _errors(failure, artifact)]
    if failure is not None and failure.details is not None:
        status = _status_in_context(failure.details.context) if is_api_call else None
        reason = f"the called API answered {status}"
        if status is not None and (verdict := _by_answer(status, messages, reason)):
            return verdict
    messages = [names.removed_from(message) for message in messages]
    for message in messages:
        stated = _STATUS.search(message) if is_api_call else None
        if stated:
            status = _status_in(stated)
            reason = f"the message contains the HTTP status {status}"
            if verdict := _by_answer(status, [message], reason):
                return verdict
        found = kind_in_words(
            message,
            is_api_call,
            _NEVER.get(step_type or "", ()),
            step_type,
        )
        if found is not None and is_api_call and _is_about_request(found):
            found = kind_in_words(message, is_api_call, _OF_REQUEST)
        if found is not None:
            return Verdict(found.kind, f'the message says "{found.words}"')
    refused = next(filter(None, map(kind_of_refusal, messages)), None) if is_api_call else None
    if refused is not None:
        return Verdict(refused.kind, f'the message says "{refused.words}"')
    return None


def _is_about_request(found: WordMatch) -> bool:
    """Return whether words about fields are those of a called API that rejects what was sent."""
    return found.kind == FailureKind.SCHEMA_VIOLATION and "schema" not in found.words.lower()


def _status_in_context(context: Json) -> int | None:
    for key in ("response_status", "status_code", "http_status"):
        status = as_dict(context).get(key)
        if isinstance(status, int) and not isinstance(status, bool):
            return status
    return None


def _by_stage(failure: Failure | None) -> Verdict | None:
    if failure is None or failure.stage is None or failure.stage not in _STAGES:
        return None
    return Verdict(_STAGES[failure.stage], f"the step failed in stage {failure.stage}")
