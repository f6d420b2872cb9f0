"""A review of what a block produced."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from retab_mcp.models.base import Json, Record


class ReviewVerdict(StrEnum):
    """The decision of a review that Retab documents."""

    APPROVED = "approved"
    REJECTED = "rejected"


class Review(Record):
    """A review of one step of a run.

    `triggered_by` has a `kind` (always, validation_failed, confidence_lt, …) and that kind's own
    fields (threshold, categories, …). `verdict` is None while the review is pending; undocumented
    words pass through. `decided_by` is the kind of author (human, agent, model), never a name.
    """

    id: str
    run_id: str
    block_id: str
    step_id: str | None = None
    block_type: str | None = None
    triggered_by: dict[str, Json] = Field(default_factory=dict)
    created_at: datetime | None = None
    verdict: ReviewVerdict | str | None = None
    reason: str | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None


class ReviewVersion(Record):
    """What was reviewed, as one author left it; the first version is the step's own.

    `author` is the kind of author (human, agent, model), never a name.
    """

    id: str
    author: str | None = None
    snapshot: Json = None
    note: str | None = None
    created_at: datetime | None = None


class DecidedReview(Record):
    """A review of a step with its versions, oldest first.

    `decided` is the version that the decision chose, None where Retab does not say.
    """

    review: Review
    versions: tuple[ReviewVersion, ...] = ()
    decided: ReviewVersion | None = None
