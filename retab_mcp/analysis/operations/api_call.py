"""API call: each attempt in one line, and the last response of the called API."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.operation_reader import FailureClue, OperationReader
from retab_mcp.analysis.responses.find import find_refusal
from retab_mcp.analysis.summary import (
    VALUE_TOKENS,
    LargeValue,
    RowList,
    SummaryDraft,
    present,
    short,
)
from retab_mcp.analysis.time_account.attempts import attempt_spans
from retab_mcp.analysis.values.artifact_fields import error_message, is_repeated
from retab_mcp.analysis.values.call_attempts import (
    differ,
    has_failed,
    may_be_done_twice,
    outcome,
    response_status,
)
from retab_mcp.analysis.values.json_types import as_dicts, as_text
from retab_mcp.digest.spoken_times import spoken_ms
from retab_mcp.digest.text import clip
from retab_mcp.models import Artifact, FindingKind, Json, Operation

# Attempts that a summary lists: the last ones, since the last decides.
MAX_ATTEMPTS = 8
# Tokens of a request or response body in the evidence.
BODY_TOKENS = 80
# HTTP statuses from the first on blame the request, whose body is then shown; from the second on,
# the called API.
CLIENT_ERROR, SERVER_ERROR = 400, 500


def _summarize(artifact: Artifact) -> SummaryDraft:
    """Return one line per attempt, the last response body, and a refused request body.

    A line has method, host and path, status, duration and error.
    """
    attempts = as_dicts(artifact.data.get("attempts"))
    error = error_message(artifact.data.get("error"))
    message = artifact.failure.message if artifact.failure is not None else error
    lines = [_attempt_line(attempt) for attempt in attempts[-MAX_ATTEMPTS:]]
    if len(attempts) > 1:
        # The waits between attempts can be longer than the attempts.
        for line, attempt in zip(lines, attempts[-MAX_ATTEMPTS:], strict=True):
            line |= present(started_at=attempt.get("started_at"))
    for line in lines:
        if (line is lines[-1] or "status" in line) and is_repeated(line.get("error", ""), message):
            line.pop("error", None)
    facts = present(
        attempts=RowList(
            list(lines),
            total=len(attempts),
            pointer="/attempts",
            total_name="attempts_total",
            items=True,
            last=True,
        ),
        may_have_taken_effect=_uncertain(attempts),
        error=clip(error, VALUE_TOKENS * 2) if artifact.failure is None else None,
    )
    large = {}
    if attempts:
        last = attempts[-1]
        pointer = f"/attempts/{artifact.data['attempts'].index(last)}"
        if last.get("response_body") not in (None, ""):
            response = LargeValue(last["response_body"], pointer + "/response_body")
            large["response_body"] = response
        if _was_refused(last) and last.get("request_body") not in (None, ""):
            large["request_body"] = LargeValue(last["request_body"], pointer + "/request_body")
    return SummaryDraft(facts, large)


def _evidence(artifact: Artifact) -> dict[str, Json]:
    """Return the number of attempts, the last one in a line, and its bodies."""
    attempts = as_dicts(artifact.data.get("attempts"))
    if not attempts:
        return {}
    last = attempts[-1]
    line = _attempt_line(last)
    line.pop("attempt", None)
    request = last.get("request_body") if _was_refused(last) else None
    uncertain = _uncertain(attempts)
    return {"attempts": len(attempts), **line} | present(
        earlier_attempts=None if uncertain and len(attempts) == 2 else _earlier(attempts),
        may_have_taken_effect=uncertain,
        response_body=short(last.get("response_body"), BODY_TOKENS),
        request_body=short(request, BODY_TOKENS),
    )


def _earlier(attempts: list[dict[str, Json]]) -> Json:
    """Return what the attempts before the last led to, where that differs from the last."""
    if not differ(attempts):
        return None
    folded: dict[str, int] = {}
    for attempt in attempts[:-1]:
        said = clip(outcome(attempt), VALUE_TOKENS)
        folded[said] = folded.get(said, 0) + 1
    lines = [f"{count} times {said}" if count > 1 else said for said, count in folded.items()]
    return list(lines[-MAX_ATTEMPTS:])


def _uncertain(attempts: list[dict[str, Json]]) -> str | None:
    """Name the failed attempts, from 1, that may have taken effect, if the call was made again."""
    folded: dict[str, list[int]] = {}
    places = may_be_done_twice(attempts)
    if places == [len(attempts) - 1]:
        # Nothing was sent after it.
        return None
    for at in places:
        attempt = attempts[at]
        said = f"{attempt.get('request_method')}, {clip(outcome(attempt), VALUE_TOKENS)}"
        folded.setdefault(said, []).append(at + 1)
    total = len(attempts)
    named = [f"{_attempts(numbers)} of {total} ({said})" for said, numbers in folded.items()]
    return " and ".join(named) or None


def _attempts(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"attempt {numbers[0]}"
    return f"attempts {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _find_done_twice(artifact: Artifact) -> Iterator[Finding]:
    """Yield a finding where a call worked after an attempt that may have taken effect as well."""
    attempts = as_dicts(artifact.data.get("attempts"))
    said = _uncertain(attempts)
    if said is None or has_failed(attempts[-1]):
        return
    times = len(may_be_done_twice(attempts)) + 1
    often = "twice" if times == 2 else f"up to {times} times"
    message = (
        f"may have been done {often}: {said} may have taken effect, then the call was repeated"
    )
    message += f" and got {response_status(attempts[-1])}"
    paths = ("/attempts",)
    yield Finding(FindingKind.MAY_BE_DONE_TWICE, message, "attempts", paths=paths)


def _find_failed_attempts(artifact: Artifact) -> Iterator[Finding]:
    """Yield a finding where attempts failed, though the last one may have succeeded."""
    attempts = as_dicts(artifact.data.get("attempts"))
    failed = [attempt for attempt in attempts if has_failed(attempt)]
    if not failed:
        return
    status = response_status(failed[0])
    reason = error_message(failed[0].get("error"))
    reason = reason or ("no response" if status is None else f"status {status}")
    lost = _time_lost(attempts, failed)
    message = f"{len(failed)} of {len(attempts)} attempts failed{lost}: {reason}"
    yield Finding(FindingKind.FAILED_ATTEMPTS, message, "attempts", paths=("/attempts",))


def _time_lost(attempts: list[dict[str, Json]], failed: list[dict[str, Json]]) -> str:
    """Return how long the failed attempts delayed the call, "" where no duration is known.

    The waits between attempts count where all have times and the last one worked.
    """
    spans = attempt_spans(attempts)
    if len(spans) == len(attempts) and not has_failed(attempts[-1]):
        waited = round((spans[-1][0] - spans[0][0]).total_seconds() * 1000)
        return f" and delayed the call by {spoken_ms(waited)}"
    known = [ms for attempt in failed if isinstance(ms := attempt.get("duration_ms"), int)]
    return f" and took {spoken_ms(sum(known))}" if known else ""


def _clue(artifact: Artifact) -> FailureClue | None:
    """Return the status of the last attempt, or its error if it got no response."""
    attempts = as_dicts(artifact.data.get("attempts"))
    if not attempts:
        return None
    status = response_status(attempts[-1])
    if status is not None:
        return FailureClue(f"the last attempt was answered with {status}", status=status)
    message = error_message(attempts[-1].get("error"))
    return FailureClue("the last attempt got no response", message=message)


def _attempt_line(attempt: dict[str, Json]) -> dict[str, Json]:
    """Return {attempt (from 1), method, url (host and path), status, duration_ms, error}."""
    number = attempt.get("attempt_number")
    line: dict[str, Json] = {"attempt": number + 1} if isinstance(number, int) else {}
    return line | present(
        method=attempt.get("request_method"),
        url=_host_and_path(attempt.get("request_url")),
        status=attempt.get("response_status"),
        duration_ms=attempt.get("duration_ms"),
        error=clip(error_message(attempt.get("error")), VALUE_TOKENS),
    )


def called_url(artifact: Artifact) -> str:
    """Return host and path that the last attempt called, "" where they are unknown."""
    attempts = as_dicts(artifact.data.get("attempts"))
    return _host_and_path(attempts[-1].get("request_url")) if attempts else ""


def _host_and_path(url: Json) -> str:
    """Return host, port and path of a URL, without user and query: these can hold secrets."""
    try:
        parts = urlsplit(as_text(url))
    except ValueError:
        return ""
    return clip(parts.netloc.rpartition("@")[2] + parts.path, VALUE_TOKENS * 2)


def _was_refused(attempt: dict[str, Json]) -> bool:
    return CLIENT_ERROR <= (response_status(attempt) or 0) < SERVER_ERROR


READER = OperationReader(
    operation=Operation.API_CALL_INVOCATION,
    summarize=_summarize,
    evidence=_evidence,
    findings=(find_refusal, _find_done_twice, _find_failed_attempts),
    clue=_clue,
)
