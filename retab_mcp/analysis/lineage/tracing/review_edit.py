"""Find which version of a review put a value where it is."""

from retab_mcp.analysis.lineage.matching.leaves import Tokens, value_at
from retab_mcp.analysis.lineage.matching.likeness import same
from retab_mcp.analysis.records import to_iso_time
from retab_mcp.models import Json
from retab_mcp.models.review import DecidedReview, ReviewVersion


def edit_facts(decided: DecidedReview, tokens: Tokens, value: Json) -> dict[str, Json] | None:
    """Return the review, kind of author, time and note of the edit that made `value`.

    `tokens` lead to it in what was reviewed. None if no version of the review has this value.
    """
    review = decided.review
    edits = decided.versions[1:] if len(decided.versions) > 1 else decided.versions
    made = [version for version in edits if _has(version, tokens, value)]
    if not made:
        return None
    first = made[0]
    chosen = decided.decided if decided.decided in made else None
    at = first.created_at or review.decided_at
    facts = {
        "review_id": review.id or None,
        "by": first.author or review.decided_by,
        "at": to_iso_time(at) if at is not None else None,
        "note": first.note or review.reason,
        "verdict": review.verdict if chosen is not None or decided.decided is None else None,
    }
    return {name: fact for name, fact in facts.items() if fact is not None}


def _has(version: ReviewVersion, tokens: Tokens, value: Json) -> bool:
    there, found = value_at(version.snapshot, tokens)
    return there and same(found, value)
