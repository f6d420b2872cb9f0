"""Page numbers in the short form that people write: `2-4,7`."""

from collections.abc import Iterable
from itertools import groupby

from retab_mcp.models import Json


def page_numbers(value: Json) -> list[int]:
    """Return the page numbers in a list of the API; what is not a whole number is left out."""
    if not isinstance(value, list):
        return []
    return [page for page in value if isinstance(page, int) and not isinstance(page, bool)]


def short_pages(pages: Iterable[int]) -> str:
    """Return `pages` sorted, once each, runs joined: [4, 2, 3, 7] gives `2-4,7`; none gives ""."""
    ordered = enumerate(sorted(set(pages)))
    runs = [[page for _, page in run] for _, run in groupby(ordered, lambda at: at[1] - at[0])]
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
