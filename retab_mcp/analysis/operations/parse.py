"""Parse: how much text there is, and how it begins."""

from retab_mcp.analysis.operations.extraction import filename
from retab_mcp.analysis.summary import Body, Parts, as_dict, as_text, present
from retab_mcp.analysis.values.page_ranges import short_pages
from retab_mcp.models import Json


def summarize(data: dict[str, Json]) -> Parts:
    """Return the number of pages and characters, the empty pages, and a beginning of the text."""
    output = as_dict(data.get("output"))
    pages = output.get("pages")
    if not isinstance(pages, list):
        pages = []
    text = as_text(output.get("text"))
    empty = [number for number, page in enumerate(pages, 1) if not as_text(page).strip()]
    facts = present(
        document=filename(data),
        model=data.get("model"),
        table_format=data.get("table_parsing_format"),
    )
    if output:
        facts |= {
            "pages": len(pages),
            "characters": len(text) or sum(len(as_text(page)) for page in pages),
        }
    facts |= present(empty_pages=short_pages(empty))
    body = Body(text, "/output/text") if text else Body(pages, "/output/pages")
    return Parts(facts, {"text": body} if body.value else {}, untrusted_text=bool(output))
