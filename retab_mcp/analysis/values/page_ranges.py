"""Page numbers in short form: `2-4,7`."""

from collections.abc import Iterable
from itertools import groupby

from retab_mcp.models import Json


def page_numbers(value: Json) -> list[int]:
    """Return the whole numbers in a list of pages; anything else is ignored."""
    if not isinstance(value, list):
        return []
    return [page for page in value if isinstance(page, int) and not isinstance(page, bool)]


def short_pages(pages: Iterable[int]) -> str:
    """Return `pages` in short form: [4, 2, 3, 7] gives `2-4,7`, no pages give ""."""
    ordered = enumerate(sorted(set(pages)))
    runs = [[page for _, page in run] for _, run in groupby(ordered, lambda at: at[1] - at[0])]
    return ",".join(_run(run[0], run[-1]) for run in runs)


def pages_between(pages: Iterable[int], last: int) -> str:
    """Return the pages from 1 to `last` that are not in `pages`, in short form.

    Takes time by the number of `pages`, however large `last` is.
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
