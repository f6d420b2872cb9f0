"""Split and partition: the pages of each part, and those in no part or in more than one."""

from collections import Counter
from collections.abc import Iterator

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.operation_reader import OperationReader
from retab_mcp.analysis.record_rules.choices import (
    find_repeated_chunks,
    find_repeated_parts,
    find_unknown_parts,
)
from retab_mcp.analysis.record_rules.pages import find_impossible_pages
from retab_mcp.analysis.summary import RowList, SummaryDraft, present, short
from retab_mcp.analysis.values.artifact_fields import (
    LIKELIHOODS,
    OUTPUT,
    document_name,
    find_low_likelihoods,
    page_count,
)
from retab_mcp.analysis.values.json_types import as_dict, as_dicts, as_text
from retab_mcp.analysis.values.likelihoods import LOW_LIKELIHOOD, is_likelihood
from retab_mcp.analysis.values.page_ranges import page_numbers, pages_between, short_pages
from retab_mcp.analysis.values.votes import count_votes
from retab_mcp.models import Artifact, FindingKind, Json, Operation

# Subdocuments or chunks that a summary lists; a path reaches the others.
MAX_PARTS = 60


def _summarize_split(artifact: Artifact) -> SummaryDraft:
    """Return {name, pages, likelihood} of each subdocument, names not found, and coverage."""
    data = artifact.data
    wanted = [as_text(entry.get("name")) for entry in as_dicts(data.get("subdocuments"))]
    found = {as_text(entry.get("name")) for entry in as_dicts(data.get("output"))}
    not_found = [name for name in wanted if name not in found] if found else []
    return _summarize(artifact, "name", present(not_found=not_found))


def _summarize_partition(artifact: Artifact) -> SummaryDraft:
    """Return {key, pages, likelihood} of each chunk, _coverage, and whether overlap is refused."""
    facts = present(key=artifact.data.get("key"))
    if artifact.data.get("allow_overlap") is False:
        facts["overlap_allowed"] = False
    return _summarize(artifact, "key", facts)


def _coverage(artifact: Artifact) -> dict[str, Json]:
    """Return the pages in no part and in more than one, in short form, where there are any.

    Where the record lacks the number of pages, the highest page of any part counts as the last
    one, and `pages_known_to` names it.
    """
    counts: Counter[int] = Counter()
    for part in as_dicts(artifact.data.get("output")):
        counts.update(set(page_numbers(part.get("pages"))))
    if not counts:
        return {}
    total = page_count(artifact)
    last = total or max(counts)
    return present(
        document_pages=total,
        pages_known_to=None if total else last,
        pages_unassigned=pages_between(counts, last),
        pages_overlapping=short_pages(page for page, count in counts.items() if count > 1),
    )


def _find_misplaced_subdocument_pages(artifact: Artifact) -> Iterator[Finding]:
    """Yield a finding for pages in no subdocument and one for pages in several."""
    yield from _find_misplaced_pages(artifact, "subdocument")


def _find_misplaced_chunk_pages(artifact: Artifact) -> Iterator[Finding]:
    """Yield a finding for pages in no chunk and one for pages in several."""
    yield from _find_misplaced_pages(artifact, "chunk")


def _find_doubtful_pages(artifact: Artifact) -> Iterator[Finding]:
    """Yield a finding for names, keys or pages with a low likelihood."""
    yield from find_low_likelihoods(artifact, LIKELIHOODS)


def _find_misplaced_pages(artifact: Artifact, part: str) -> Iterator[Finding]:
    covered = _coverage(artifact)
    if "pages_unassigned" in covered:
        message = f"{_pages_were(covered['pages_unassigned'])} assigned to no {part}"
        yield Finding(FindingKind.PAGES_UNASSIGNED, message, "pages", paths=(OUTPUT,))
    if "pages_overlapping" in covered and artifact.data.get("allow_overlap") is not True:
        message = f"{_pages_were(covered['pages_overlapping'])} assigned to more than one {part}"
        yield Finding(FindingKind.PAGES_OVERLAPPING, message, "pages", paths=(OUTPUT,))


def _pages_were(pages: str) -> str:
    return f"page {pages} was" if pages.isdigit() else f"pages {pages} were"


def _summarize(artifact: Artifact, name: str, facts: dict[str, Json]) -> SummaryDraft:
    data = artifact.data
    consensus = as_dict(data.get("consensus"))
    likelihoods = consensus.get("likelihoods")
    if not isinstance(likelihoods, list):
        likelihoods = []
    rows = [
        _row(part, name, likelihoods[index] if index < len(likelihoods) else None)
        for index, part in enumerate(as_dicts(data.get("output")))
    ]
    facts |= present(document=document_name(artifact), model=data.get("model"))
    facts |= present(
        output=RowList(list(rows[:MAX_PARTS]), len(rows), OUTPUT, total_name="parts", items=True),
        votes=_votes(consensus.get("choices"), name),
    )
    return SummaryDraft(facts | _coverage(artifact))


def _row(part: dict[str, Json], name: str, likelihood: Json) -> dict[str, Json]:
    pages = page_numbers(part.get("pages"))
    likelihoods = as_dict(likelihood)
    page_likelihoods = likelihoods.get("pages")
    if not isinstance(page_likelihoods, list):
        page_likelihoods = []
    low = [
        page
        for page, value in zip(pages, page_likelihoods, strict=False)
        if is_likelihood(value) and value < LOW_LIKELIHOOD
    ]
    known = [value for value in page_likelihoods if is_likelihood(value)]
    named = likelihoods.get(name)
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


def _votes(choices: Json, name: str) -> RowList | None:
    """Return the different ways in which the votes cut the document, None where they agree."""
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
    return RowList(rows, len(rows), "/consensus/choices", total_name="votes_total")


SPLIT = OperationReader(
    operation=Operation.SPLIT,
    summarize=_summarize_split,
    evidence=_coverage,
    findings=(
        find_impossible_pages,
        find_unknown_parts,
        find_repeated_parts,
        _find_misplaced_subdocument_pages,
        _find_doubtful_pages,
    ),
)
PARTITION = OperationReader(
    operation=Operation.PARTITION,
    summarize=_summarize_partition,
    evidence=_coverage,
    findings=(
        find_impossible_pages,
        find_repeated_chunks,
        _find_misplaced_chunk_pages,
        _find_doubtful_pages,
    ),
)
