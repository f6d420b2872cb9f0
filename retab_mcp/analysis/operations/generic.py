"""An operation that nobody knows yet: its record, digested."""

from retab_mcp.analysis.summary import Summary
from retab_mcp.digest.digest import digest
from retab_mcp.models import Json


def summarize(data: dict[str, Json], budget: int) -> Summary:
    """Return the digest of the whole record, at most `budget` tokens by estimate."""
    shown = digest(data, budget)
    return Summary(
        value=shown.value,
        shown=shown.shown,
        total=shown.total,
        truncated=shown.truncated,
        omitted=shown.omitted,
        untrusted_text=bool(data),
    )
