"""Split and partition: which pages went where, and which nowhere or twice."""

from collections import Counter

from retab_mcp.analysis.operations.extraction import filename
from retab_mcp.analysis.summary import (
    Parts,
    Rows,
    as_dict,
    as_dicts,
    as_text,
    present,
    short,
)
from retab_mcp.analysis.values.likelihoods import LOW_LIKELIHOOD, is_likelihood
from retab_mcp.analysis.values.page_ranges import page_numbers, pages_between, short_pages
from retab_mcp.analysis.values.votes import count_votes
from retab_mcp.models import Json

# Subdocuments that a summary lists; a drill-down reaches the others.
MAX_SUBDOCUMENTS = 60


def summarize_split(data: dict[str, Json]) -> Parts:
    """Return {name, pages, likelihood} a subdocument, names that were not found, coverage."""
    asked = [as_text(entry.get("name")) for entry in as_dicts(data.get("subdocuments"))]
    found = {as_text(entry.get("name")) for entry in as_dicts(data.get("output"))}
    not_found = [name for name in asked if name not in found] if found else []
    return _summarize(data, "name", present(not_found=not_found))


def summarize_partition(data: dict[str, Json]) -> Parts:
    """Return {key, pages, likelihood} a chunk, and coverage; overlap is told where not allowed."""
    facts = present(key=data.get("key"))
    if data.get("allow_overlap") is False:
        facts["overlap_allowed"] = False
    return _summarize(data, "key", facts)


def _summarize(data: dict[str, Json], name: str, facts: dict[str, Json]) -> Parts:
    output = as_dicts(data.get("output"))
    consensus = as_dict(data.get("consensus"))
    likelihoods = consensus.get("likelihoods")
    if not isinstance(likelihoods, list):
        likelihoods = []
    rows = [
        _row(part, name, likelihoods[index] if index < len(likelihoods) else None)
        for index, part in enumerate(output)
    ]
    facts |= present(document=filename(data), model=data.get("model"))
    facts |= present(
        output=Rows(
            list(rows[:MAX_SUBDOCUMENTS]), len(rows), "/output", total_name="parts", items=True
        ),
        votes=_votes(consensus.get("choices"), name),
    )
    return Parts(facts | coverage(data), untrusted_text=bool(rows))


def _row(part: dict[str, Json], name: str, likelihood: Json) -> dict[str, Json]:
    pages = page_numbers(part.get("pages"))
    sure = as_dict(likelihood)
    page_likelihoods = sure.get("pages")
    if not isinstance(page_likelihoods, list):
        page_likelihoods = []
    low = [
        page
        for page, value in zip(pages, page_likelihoods, strict=False)
        if is_likelihood(value) and value < LOW_LIKELIHOOD
    ]
    known = [value for value in page_likelihoods if is_likelihood(value)]
    named = sure.get(name)
    return {name: short(part.get(name))} | present(
        pages=short_pages(pages),
        sheets=[_region(region) for region in as_dicts(part.get("regions"))],
        likelihood=named if is_likelihood(named) else None,
        low_pages=short_pages(low),
        lowest=min(known) if low else None,
    )


def _region(region: dict[str, Json]) -> str:
    sheet = region.get("sheet_name") or region.get("sheet_index")
    return f"{sheet} rows {region.get('row_start')}-{region.get('row_end')}"


def coverage(data: dict[str, Json]) -> dict[str, Json]:
    """Return the pages in no part and in more than one, in short form, where there are any.

    Where the record does not say how many pages its document has, the highest page in any part
    is the last that is looked at, and `pages_known_to` says so.
    """
    counts: Counter[int] = Counter()
    for part in as_dicts(data.get("output")):
        counts.update(set(page_numbers(part.get("pages"))))
    if not counts:
        return {}
    total = _document_pages(data)
    last = total or max(counts)
    unassigned = pages_between(counts, last)
    overlapping = short_pages(page for page, count in counts.items() if count > 1)
    return present(
        document_pages=total,
        pages_known_to=None if total else last,
        pages_unassigned=unassigned,
        pages_overlapping=overlapping,
    )


def _document_pages(data: dict[str, Json]) -> int | None:
    for holder in (as_dict(data.get("file")), data):
        count = holder.get("page_count")
        if isinstance(count, int) and not isinstance(count, bool) and count > 0:
            return count
    return None


def _votes(choices: Json, name: str) -> Rows | None:
    """The different ways in which the readers cut the document; none where they agree."""
    if not isinstance(choices, list) or len(choices) < 2:
        return None
    answers = [
        [
            f"{as_text(part.get(name))} {short_pages(page_numbers(part.get('pages')))}"
            for part in as_dicts(choice)
        ]
        for choice in choices
    ]
    votes = count_votes(answers)
    if len(votes) == 1:
        return None
    rows: list[Json] = [{"count": vote.count, "parts": vote.value} for vote in votes]
    return Rows(rows, len(rows), "/consensus/choices", total_name="votes_total")
