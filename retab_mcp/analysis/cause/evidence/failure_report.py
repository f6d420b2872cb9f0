"""Say what a failed step's own records hold: its message, and the evidence for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from retab_mcp.analysis.cause.block_names import BlockNames
from retab_mcp.analysis.cause.evidence.absent_key import absent_key_evidence
from retab_mcp.analysis.cause.evidence.error_facts import error_facts
from retab_mcp.analysis.cause.evidence.error_layers import is_trace, messages_in
from retab_mcp.analysis.cause.evidence.generic_messages import contains, is_generic
from retab_mcp.analysis.cause.evidence.refused_request import refusal_evidence
from retab_mcp.analysis.operations import evidence
from retab_mcp.analysis.summary import present
from retab_mcp.analysis.values.call_attempts import has_failed
from retab_mcp.analysis.values.json_types import as_dict, as_dicts
from retab_mcp.digest.compact import json_tokens
from retab_mcp.digest.stack_trace import stack_trace
from retab_mcp.digest.text import clip
from retab_mcp.models import Artifact, Failure, Json, StepSummary

# Messages next to the main one, and estimated tokens of each.
MAX_OTHERS = 4
OTHER_TOKENS = 60
# A longer body is left out where the refused value is shown.
SHORT_BODY_TOKENS = 40
# A longer message that holds the step's own takes more than it adds.
MAX_LONGER = 600


@dataclass(frozen=True, slots=True)
class FailureReport:
    """What the records of a failed step say.

    `message` is the best one. `origin` says where it is from if the step's own says nothing, else
    it is None. `evidence` are the facts that show why the step failed.
    """

    message: str
    origin: str | None
    evidence: dict[str, Json]


def failure_report(
    failure: Failure,
    step: StepSummary | None = None,
    artifact: Artifact | None = None,
    inputs: Mapping[str, Json] | None = None,
) -> FailureReport:
    """Return what a step's error and its artifact say about a failure.

    `inputs` are the step's input handles, None if they cannot explain it.
    """
    names = BlockNames((step.label, step.block_id) if step is not None else ())
    given = failure.message.strip()
    said = messages_in(error_sources(failure, artifact))
    said = [text for text in said if not is_generic(names.removed_from(text))]
    said = said or messages_in(_response(artifact))
    message, origin = _message(given, said, names)
    facts = evidence(artifact, message) if artifact is not None else {}
    code = facts.pop("error_code", None)
    facts.pop("error", None)
    if artifact is not None and not artifact.id:
        # The output of an older step only holds the last attempt.
        facts.pop("attempts", None)
    details = failure.details
    if details is not None:
        code = code or details.error_code
    if "stack_trace" not in facts:
        facts |= _trace(given) or _trace(details.stack_trace if details is not None else None)
    others = [text for text in said if not contains(message, text)]
    facts = present(error_code=code, error=_others(others, facts)) | facts
    known = (message, *others, *_texts_in(facts))
    found = error_facts(_details(failure, artifact), known, tuple(facts.values()))
    facts |= present(details=found)
    if inputs is not None:
        facts |= refusal_evidence(artifact, inputs, [given, *said])
        if "sent" in facts and json_tokens(facts.get("request_body")) > SHORT_BODY_TOKENS:
            del facts["request_body"]
        if "sent" not in facts and not _response(artifact):
            facts |= absent_key_evidence([given, *said], _texts_in(facts), inputs)
    return FailureReport(message, origin, facts)


def _response(artifact: Artifact | None) -> Json:
    """Return the body with which a called API refused the last attempt; pages are no messages."""
    attempts = as_dicts(artifact.data.get("attempts")) if artifact is not None else []
    if not attempts or not has_failed(attempts[-1]):
        return None
    body = attempts[-1].get("response_body")
    return None if isinstance(body, str) and body.lstrip().startswith("<") else body


def error_sources(failure: Failure | None, artifact: Artifact | None) -> list[Json]:
    """Return the records of a failure, the step's own first, then the artifact's."""
    sources: list[Json] = []
    if failure is not None:
        details = failure.details
        sources.append(failure.message)
        sources.append(details.model_dump(exclude_none=True) if details is not None else None)
    if artifact is not None:
        attempts = as_dicts(artifact.data.get("attempts"))
        sources.append(artifact.data.get("error"))
        sources.append(attempts[-1].get("error") if attempts else None)
    return sources


def _message(given: str, said: list[str], names: BlockNames) -> tuple[str, str | None]:
    """Return the message to show, and its origin if it is not the step's own."""
    if not said:
        return given, None
    if is_generic(names.removed_from(given)):
        reason = (
            f'the step itself only says "{given}"' if given else "the step itself has no message"
        )
        return said[0], reason
    if is_trace(given) or given.startswith(("{", "[")):
        return said[0], None
    longer = [text for text in said if contains(text, given) and len(text) <= MAX_LONGER]
    return (longer[0] if longer else given), None


def _others(others: list[str], facts: dict[str, Json]) -> Json:
    """Return the other messages, one as a text, unless `facts` have them."""
    known = _texts_in(facts)
    new = [text for text in others if not any(contains(each, text) for each in known)]
    shown: list[Json] = [clip(text, OTHER_TOKENS) for text in new[-MAX_OTHERS:]]
    return shown[0] if len(shown) == 1 else shown


def _trace(text: str | None) -> dict[str, Json]:
    """Return a stack trace as evidence; what is not one shows nothing."""
    shortened = stack_trace(text) if text else None
    return {"stack_trace": shortened} if isinstance(shortened, dict) else {}


def _texts_in(facts: Json) -> list[str]:
    """Return the texts in evidence, at any depth: evidence is small."""
    if isinstance(facts, str):
        return [facts]
    inner = facts.values() if isinstance(facts, dict) else facts if isinstance(facts, list) else ()
    return [text for value in inner for text in _texts_in(value)]


def _details(failure: Failure, artifact: Artifact | None) -> list[Json]:
    """Return the details of a failure beyond its messages, the artifact's first."""
    details: list[Json] = []
    if artifact is not None:
        own = artifact.failure
        details.append(own.details.context if own is not None and own.details else None)
        attempts = as_dicts(artifact.data.get("attempts"))
        error = as_dict(attempts[-1].get("error")) if attempts else {}
        details.append(error.get("context") or error.get("details"))
    details.append(failure.details.context if failure.details is not None else None)
    details.append(failure.message)
    return [each for each in details if not isinstance(each, str) or each.lstrip().startswith("{")]
