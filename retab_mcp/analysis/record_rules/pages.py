"""Rules about pages: without text, in no part, or numbers that no page has."""

from collections.abc import Iterator, Sequence

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.values.artifact_fields import MAX_NAMED, OUTPUT, page_count
from retab_mcp.analysis.values.json_types import as_dict, as_dicts, as_text
from retab_mcp.analysis.values.page_ranges import page_numbers, short_pages
from retab_mcp.models import Artifact, FindingKind, Json

# From this many pages on, an empty last page is taken for a blank one.
_BLANK_LAST_FROM = 4
# Names of the text of a page that is an object.
_TEXT_FIELDS = ("text", "markdown", "content")


def find_empty_pages(artifact: Artifact) -> Iterator[Finding]:
    """Yield a finding for pages of a parsed document without text, or without a record."""
    pages = as_dict(artifact.data.get("output")).get("pages")
    if not isinstance(pages, list) or not pages:
        return
    total = page_count(artifact)
    if total is not None and total > len(pages):
        message = f"the document has {total} pages, but the text only {len(pages)}"
        yield Finding(FindingKind.PAGES_EMPTY, message, "pages", paths=("/output/pages",))
    empty = [number for number, page in enumerate(pages, 1) if not page_text(page).strip()]
    if empty and len(empty) < len(pages) and not _are_blank(empty, len(pages)):
        verb = "page {} of {} has" if len(empty) == 1 else "pages {} of {} have"
        message = verb.format(short_pages(empty), len(pages)) + " no text"
        paths = tuple(f"/output/pages/{number - 1}" for number in empty[:MAX_NAMED])
        yield Finding(FindingKind.PAGES_EMPTY, message, "pages", paths=paths)


def find_impossible_pages(artifact: Artifact) -> Iterator[Finding]:
    """Yield findings for parts without pages, and with pages that the document cannot have."""
    parts = as_dicts(artifact.data.get("output"))
    total = page_count(artifact)
    without, wrong = [], []
    for number, part in enumerate(parts):
        pages = page_numbers(part.get("pages"))
        regions = as_dicts(part.get("regions"))
        if part.get("pages") == [] and not regions:
            without.append((number, _name(part)))
        said = _impossible(part.get("pages"), pages, total) or _reversed_rows(regions)
        if said:
            wrong.append((number, f"{_name(part)}: {said}"))
    if wrong:
        message = "; ".join(text for _, text in wrong[:MAX_NAMED])
        yield Finding(FindingKind.PAGES_INVALID, message, "pages", paths=_paths(wrong))
    if without:
        message = "no pages in " + ", ".join(name for _, name in without[:MAX_NAMED])
        yield Finding(FindingKind.PAGES_EMPTY, message, "pages", paths=_paths(without))


def _paths(found: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(f"{OUTPUT}/{number}/pages" for number, _ in found[:MAX_NAMED])


def _impossible(given: Json, pages: Sequence[int], total: int | None) -> str:
    """Return what is wrong with the pages of a part, "" if nothing is."""
    if isinstance(given, str):
        first, dash, last = given.partition("-")
        return f"pages {given} are reversed" if dash and _above(first, last) else ""
    below = [page for page in pages if page < 1]
    if below:
        return f"page {below[0]}, but pages count from 1"
    beyond = [page for page in pages if total is not None and page > total]
    if beyond:
        noun = "page" if len(beyond) == 1 else "pages"
        return f"{noun} {short_pages(beyond)} of a document of {total} pages"
    if len(pages) > 1 and list(pages) == sorted(pages, reverse=True) and len(set(pages)) > 1:
        return f"pages in reverse order, {pages[0]} to {pages[-1]}"
    return ""


def _above(first: str, last: str) -> bool:
    return first.strip().isdigit() and last.strip().isdigit() and int(first) > int(last)


def _reversed_rows(regions: Sequence[dict[str, Json]]) -> str:
    for region in regions:
        start, end = region.get("row_start"), region.get("row_end")
        if isinstance(start, int) and isinstance(end, int) and start > end:
            return f"rows {start} to {end} are reversed"
    return ""


def _are_blank(empty: Sequence[int], total: int) -> bool:
    """Return whether empty pages look like blank ones: the last, or the back of every sheet."""
    if list(empty) == [total] and total >= _BLANK_LAST_FROM:
        return True
    return total >= _BLANK_LAST_FROM and list(empty) == list(range(2, total + 1, 2))


def page_text(page: Json) -> str:
    """Return the text of a page, which is a text or an object."""
    if isinstance(page, dict):
        return next((text for name in _TEXT_FIELDS if (text := as_text(page.get(name)))), "")
    return as_text(page)


def _name(part: dict[str, Json]) -> str:
    return as_text(part.get("name")) or as_text(part.get("key")) or "a part"
