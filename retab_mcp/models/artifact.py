"""The record behind an artifact ref."""

from datetime import datetime

from pydantic import Field

from retab_mcp.models.base import Json, Record
from retab_mcp.models.failure import Failure


class Artifact(Record):
    """What a step produced, by operation.

    `operation` is one of the vendor's eleven (extraction, split, classification, parse, edit,
    partition, conditional_evaluation, review_trigger_evaluation, while_loop_termination,
    api_call_invocation, function_invocation) or a word that is not known yet. `data` is the
    record with the field names of the current generation, whatever generation sent it.
    `status` is the primitive's own; None where the record has none.
    """

    id: str
    operation: str
    status: str | None = None
    run_id: str | None = None
    step_id: str | None = None
    created_at: datetime | None = None
    failure: Failure | None = None
    data: dict[str, Json] = Field(default_factory=dict)
