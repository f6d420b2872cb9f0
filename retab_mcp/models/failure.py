"""Why something failed, as Retab itself says it."""

from retab_mcp.models.base import Json, Record


class ErrorDetails(Record):
    """What the API adds to an error for debugging; each field may be missing."""

    message: str | None = None
    stack_trace: str | None = None
    block_id: str | None = None
    block_name: str | None = None
    error_code: str | None = None
    context: Json = None


class Failure(Record):
    """An error of a run, step, job, artifact or attempt.

    `stage` is one of input_collection, registry_lookup, document_fetch, execution,
    output_storage, routing, history_payload; `category` one of transient, permanent, quota;
    either may be missing or a word that is not known yet. `message` may be empty.
    """

    message: str = ""
    stage: str | None = None
    category: str | None = None
    details: ErrorDetails | None = None
