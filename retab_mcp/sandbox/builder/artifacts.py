"""The data of artifacts, in the field names of the current generation."""

from collections.abc import Mapping, Sequence

from retab_mcp.sandbox.builder.graph import MODEL
from retab_mcp.sandbox.records import Json


def extraction(
    stored: Mapping[str, str],
    schema: Json,
    output: Json,
    *,
    likelihoods: Json = None,
    choices: Sequence[Json] = (),
    credits: float = 1.0,
) -> dict[str, Json]:
    """Return an extraction; with `choices` (one output for each vote) it was made by consensus."""
    return {
        "file": dict(stored),
        "model": MODEL,
        "json_schema": schema,
        "n_consensus": max(1, len(choices)),
        "output": output,
        "consensus": {"choices": list(choices), "likelihoods": likelihoods},
        "metadata": {},
        "usage": {"credits": credits},
    }


def object_schema(required: Sequence[str], **properties: Json) -> dict[str, Json]:
    """Return the JSON Schema of an object."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


TEXT = {"type": "string"}
OPTIONAL_TEXT = {"type": ["string", "null"]}
NUMBER = {"type": "number"}
DATE = {"type": "string", "format": "date"}
OPTIONAL_DATE = {"type": ["string", "null"], "format": "date"}


def parse(stored: Mapping[str, str], pages: Sequence[str]) -> dict[str, Json]:
    """Return a parse with the text of each page."""
    return {
        "file": dict(stored),
        "model": MODEL,
        "table_parsing_format": "markdown",
        "output": {"pages": list(pages), "text": "\n\n".join(pages)},
        "usage": {"credits": len(pages) * 0.1},
    }


def condition(
    condition_id: str,
    path: str,
    operator: str,
    expected: Json,
    actual: Json,
    *,
    matched: bool,
    branch: str = "exit",
) -> dict[str, Json]:
    """Return how one condition was evaluated."""
    compared = {
        "path": path,
        "operator": operator,
        "expected": expected,
        "actual": actual,
        "matched": matched,
    }
    return {"condition_id": condition_id, **compared, "branch_name": branch, "details": compared}


def routing(evaluations: Sequence[Json], handle: str, branch_id: str | None) -> dict[str, Json]:
    """Return how a conditional chose: the output handle, and the branch (None for the default)."""
    return {
        "evaluations": list(evaluations),
        "selected_handles": [handle],
        "matched_branch_id": branch_id,
        "matched_condition_ids": [each["condition_id"] for each in evaluations if each["matched"]],
    }


def attempt(
    number: int,
    method: str,
    url: str,
    status: int | None,
    body: Json,
    *,
    started_at: str,
    completed_at: str,
    duration_ms: int,
    request_headers: Mapping[str, str] | None = None,
    request_body: Json = None,
    response_headers: Mapping[str, str] | None = None,
    error: Mapping[str, Json] | None = None,
) -> dict[str, Json]:
    """Return one attempt of an API call; `status` None when no answer came."""
    return {
        "attempt_number": number,
        "request_method": method,
        "request_url": url,
        "request_headers": dict(request_headers or {"Content-Type": "application/json"}),
        "request_body": request_body,
        "response_status": status,
        "response_headers": dict(response_headers or {}),
        "response_body": body,
        "duration_ms": duration_ms,
        "error": None if error is None else dict(error),
        "started_at": started_at,
        "completed_at": completed_at,
    }


def api_call(attempts: Sequence[Json]) -> dict[str, Json]:
    """Return an API call with all its attempts."""
    return {"attempts": list(attempts)}


def function(inputs: Json, output: Json, duration_ms: int) -> dict[str, Json]:
    """Return the call of a function."""
    return {"inputs": inputs, "output": output, "duration_ms": duration_ms}
