"""Read a review and its versions (since 19 May 2026), or a decision (before)."""

from collections.abc import Mapping

from retab_mcp.models import Json, Review, ReviewVerdict
from retab_mcp.models.review import DecidedReview, ReviewVersion
from retab_mcp.retab.generations.registry import renames
from retab_mcp.retab.normalize.fields import (
    fields_of,
    first_text,
    listing,
    mapping,
    moment,
    record,
    renamed,
)

# The first form had a status in place of the decision.
_VERDICTS = frozenset(ReviewVerdict)
# The verdict on a review that nobody will decide any more.
_CANCELLED = "cancelled"


def review_from_wire(body: Json) -> Review:
    """Return a review. Raises RetabError (bad_response) when the body is not an object."""
    row = renamed(record(body, "review"), renames("review"))
    decision = mapping(row.get("decision"))
    status = first_text(row, "status")
    cancelled_at = moment(row.get("cancelled_at"))
    verdict = first_text(decision, "verdict") or (status if status in _VERDICTS else None)
    decided_at = moment(decision.get("created_at")) or moment(row.get("decided_at"))
    return Review(
        id=first_text(row, "id") or "",
        run_id=first_text(row, "run_id") or "",
        block_id=first_text(row, "block_id") or "",
        step_id=first_text(row, "step_id"),
        block_type=first_text(row, "block_type"),
        triggered_by=mapping(row.get("triggered_by")),
        created_at=moment(row.get("created_at")),
        verdict=verdict or (_CANCELLED if cancelled_at else None),
        reason=first_text(decision, "reason"),
        decided_at=decided_at or cancelled_at,
        decided_by=first_text(mapping(decision.get("author")), "kind"),
    )


def version_from_wire(row: Mapping[str, Json]) -> ReviewVersion:
    """Return a version of what is reviewed; in its first days it was numbered by `seq`."""
    return ReviewVersion(
        id=first_text(row, "id", "seq") or "",
        author=first_text(mapping(row.get("author")), "kind"),
        snapshot=row.get("snapshot"),
        note=first_text(row, "note"),
        created_at=moment(row.get("created_at")),
    )


def overlay_from_wire(body: Json) -> DecidedReview:
    """Return a review of 19 to 21 May 2026, which embeds its versions and decisions."""
    row = record(body, "review")
    review = review_from_wire(body)
    versions = tuple(
        version_from_wire(version)
        for version in listing(row.get("versions"))
        if isinstance(version, dict)
    )
    decision = fields_of(next(reversed(listing(row.get("decisions"))), None))
    chosen = first_text(row, "effective_seq") or first_text(decision, "effective_seq", "on_seq")
    author = first_text(mapping(decision.get("decided_by")), "kind")
    known = {
        "reason": review.reason or first_text(decision, "reason"),
        "decided_by": review.decided_by or author,
        "decided_at": review.decided_at or moment(decision.get("decided_at")),
    }
    return decided_review(review.model_copy(update=known), versions, chosen)


def decision_from_wire(body: Json, *, run_id: str, block_id: str) -> DecidedReview | None:
    """Return a person's decision on a block (until 18 May 2026), None if there was none."""
    row = record(body, "review decision")
    if not row.get("decision_received"):
        return None
    approved = row.get("approved")
    verdict = ReviewVerdict.APPROVED if approved else ReviewVerdict.REJECTED
    decided_at = moment(row.get("applied_at")) or moment(row.get("received_at"))
    review = Review(
        id="",
        run_id=run_id,
        block_id=block_id,
        verdict=verdict if isinstance(approved, bool) else None,
        decided_at=decided_at,
        decided_by="human",
    )
    snapshot = row.get("modified_data")
    if snapshot is None:
        return DecidedReview(review=review)
    version = ReviewVersion(id="", author="human", snapshot=snapshot, created_at=decided_at)
    return DecidedReview(review=review, versions=(version,), decided=version)


def decided_review(
    review: Review, versions: tuple[ReviewVersion, ...], chosen: str | None
) -> DecidedReview:
    """Return a review with its versions, the one of id `chosen` as that of the decision."""
    decided = next((version for version in versions if version.id == chosen), None)
    return DecidedReview(review=review, versions=versions, decided=decided)
