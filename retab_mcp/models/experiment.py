"""An experiment: the documents on which a block is tried."""

from datetime import datetime

from retab_mcp.models.base import Record


class Experiment(Record):
    """An experiment with its last run; the score is that run's, from 0 to 1."""

    id: str
    name: str | None = None
    workflow_id: str | None = None
    block_id: str | None = None
    status: str | None = None
    score: float | None = None
    document_count: int | None = None
    last_run_id: str | None = None
    created_at: datetime | None = None
