"""Parse: how much text the document has, and how it begins."""

from collections.abc import Iterator

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.operation_reader import OperationReader
from retab_mcp.analysis.record_rules.pages import find_empty_pages, page_text
from retab_mcp.analysis.summary import LargeValue, SummaryDraft, present
from retab_mcp.analysis.values.artifact_fields import document_name
from retab_mcp.analysis.values.json_types import as_dict, as_text
from retab_mcp.analysis.values.page_ranges import short_pages
from retab_mcp.models import Artifact, FindingKind, Operation


def _summarize(artifact: Artifact) -> SummaryDraft:
    """Return the number of pages and characters, the empty pages, and the start of the text."""
    data = artifact.data
    output = as_dict(data.get("output"))
    pages = output.get("pages")
    if not isinstance(pages, list):
        pages = []
    text = as_text(output.get("text"))
    empty = [number for number, page in enumerate(pages, 1) if not as_text(page).strip()]
    facts = present(
        document=document_name(artifact),
        model=data.get("model"),
        table_format=data.get("table_parsing_format"),
    )
    if output:
        facts |= {
            "pages": len(pages),
            "characters": len(text) or sum(len(as_text(page)) for page in pages),
        }
    facts |= present(empty_pages=short_pages(empty))
    large = LargeValue(text, "/output/text") if text else LargeValue(pages, "/output/pages")
    return SummaryDraft(facts, {"text": large} if large.value else {})


def _find_no_text(artifact: Artifact) -> Iterator[Finding]:
    """Yield a finding where the document was read and has no text."""
    output = as_dict(artifact.data.get("output"))
    pages = output.get("pages")
    texts = [page_text(page) for page in pages] if isinstance(pages, list) else []
    if output and not as_text(output.get("text")).strip() and not "".join(texts).strip():
        among = f" on any of its {len(texts)} pages" if len(texts) > 1 else ""
        yield Finding(FindingKind.NO_TEXT, f"no text was found in the document{among}", "output")


READER = OperationReader(
    operation=Operation.PARSE, summarize=_summarize, findings=(_find_no_text, find_empty_pages)
)
