"""Rules about reviews."""

from collections.abc import Iterator

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.models import FindingKind, ReviewVerdict


def find_rejections(facts: RunFacts) -> Iterator[Finding]:
    """Yield a finding for each rejected review."""
    for review in facts.reviews:
        if review.verdict == ReviewVerdict.REJECTED:
            yield Finding(
                FindingKind.REVIEW_REJECTED,
                f"review rejected: {review.reason or 'no reason given'}",
                f"review {review.id}",
                review.step_id,
                review.block_id,
            )
