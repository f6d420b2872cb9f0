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
    return ",".join(_run(run[0], run[-1]) for run in runs)


def pages_between(pages: Iterable[int], last: int) -> str:
    """Return, in short form, the pages from 1 to `last` that are not in `pages`.

    Costs what `pages` costs, however far away `last` is.
    """
    gaps = []
    expected = 1
    for page in [*sorted({page for page in pages if 1 <= page <= last}), last + 1]:
        if page > expected:
            gaps.append(_run(expected, page - 1))
        expected = page + 1
    return ",".join(gaps)


def _run(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"
