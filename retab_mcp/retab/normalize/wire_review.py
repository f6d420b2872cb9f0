"""Read a review (since 19 May 2026)."""

from retab_mcp.models import Json, Review, ReviewVerdict
from retab_mcp.retab.generations.registry import renames
from retab_mcp.retab.normalize.fields import first_text, mapping, moment, record, renamed

# The first form had a status in place of the decision.
_VERDICTS = frozenset(ReviewVerdict)


def review_from_wire(body: Json) -> Review:
    """Return a review. Raises RetabError (bad_response) when the body is not an object."""
    row = renamed(record(body, "review"), renames("review"))
    decision = mapping(row.get("decision"))
    status = first_text(row, "status")
    return Review(
        id=first_text(row, "id") or "",
        run_id=first_text(row, "run_id") or "",
        block_id=first_text(row, "block_id") or "",
        step_id=first_text(row, "step_id"),
        block_type=first_text(row, "block_type"),
        triggered_by=mapping(row.get("triggered_by")),
        created_at=moment(row.get("created_at")),
        verdict=first_text(decision, "verdict") or (status if status in _VERDICTS else None),
        reason=first_text(decision, "reason"),
        decided_at=moment(decision.get("created_at")) or moment(row.get("decided_at")),
        decided_by=first_text(mapping(decision.get("author")), "kind"),
    )
