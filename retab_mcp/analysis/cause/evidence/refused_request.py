"""Show what was sent where a request, or the input of a step, was refused."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from retab_mcp.analysis.cause.evidence.sent_values import (
    decoded,
    mentioned_values,
    refused_values,
    what_was_sent,
)
from retab_mcp.analysis.summary import present
from retab_mcp.analysis.values.call_attempts import response_status
from retab_mcp.analysis.values.json_types import as_dict, as_dicts, as_text
from retab_mcp.models import Artifact, Json, Operation

# Names of headers and parameters that hold credentials; their values are redacted.
_CREDENTIAL = re.compile(r"auth|api[-_]?key|token|secret|signature|cookie|password", re.I)
# Statuses that are not about what was sent: a limit, a payment.
_OTHER_REASONS = frozenset({402, 408, 423, 425, 429})


def refusal_evidence(
    artifact: Artifact | None, inputs: Mapping[str, Json], messages: list[str]
) -> dict[str, Json]:
    """Return {"sent", "credentials_sent"}, where known: what a refused step sent or worked on.

    `inputs` are the step's handles, `messages` what is known about the failure. For a call that
    was not refused with 400 to 499, the result is empty.
    """
    attempt = _last_attempt(artifact)
    status = response_status(attempt) if attempt else None
    if status is not None and not (400 <= status < 500 and status not in _OTHER_REASONS):
        return {}
    responses: list[Json] = [*messages]
    if attempt:
        responses.insert(0, decoded(attempt.get("response_body")) or attempt.get("response_body"))
    sources = what_was_sent(artifact, inputs)
    sent = refused_values(sources, responses, of_request=bool(attempt))
    if not sent and status == 409:
        sent = mentioned_values(sources, responses)
    credentials = _credentials(attempt) if attempt and status in (401, 403) else None
    return present(sent=sent, credentials_sent=credentials)


def _last_attempt(artifact: Artifact | None) -> dict[str, Json]:
    if artifact is None or artifact.operation != Operation.API_CALL_INVOCATION:
        return {}
    attempts = as_dicts(artifact.data.get("attempts"))
    return attempts[-1] if attempts else {}


def _credentials(attempt: dict[str, Json]) -> Json:
    """Return the names of the headers and parameters with credentials; None without headers."""
    headers = as_dict(attempt.get("request_headers"))
    try:
        query = urlsplit(as_text(attempt.get("request_url"))).query
    except ValueError:
        query = ""
    parameters = [name for name, _ in parse_qsl(query)]
    if not headers and not parameters:
        return None
    found = [name for name in (*headers, *parameters) if _CREDENTIAL.search(name)]
    return list(found) or f"none among {', '.join([*headers, *parameters])}"
