"""The record of what a step produced."""

from datetime import datetime

from pydantic import Field

from retab_mcp.models.base import Json, Record
from retab_mcp.models.failure import Failure
from retab_mcp.models.operation import OperationWord
from retab_mcp.models.status import StatusWord


class Artifact(Record):
    """What a step produced.

    `data` is the record with the field names of the current generation. `status` is that of the
    record, None when it has none.
    """

    id: str
    operation: OperationWord
    status: StatusWord | None = None
    run_id: str | None = None
    step_id: str | None = None
    created_at: datetime | None = None
    failure: Failure | None = None
    data: dict[str, Json] = Field(default_factory=dict)
