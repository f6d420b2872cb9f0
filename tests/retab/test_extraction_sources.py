"""Where an extraction found its values, and what has no source."""

from typing import Any

import pytest

from retab_mcp.models.document_source import DocumentSource
from retab_mcp.retab.errors import RetabError
from retab_mcp.sandbox.generations import GENERATIONS
from tests.retab.api_scene import Server, api_of, refusing
from tests.sandbox.small import get, refusal

PATH = "/v1/extractions/extr_1/sources"
TREE = {
    "total": {
        "value": 12.5,
        "source": {"content": "Total 12.50", "anchor": {"kind": "pdf_bbox", "page": 3}},
    },
    "lines": [
        {
            "qty": {
                "value": 4,
                "source": {
                    "content": "4",
                    "anchor": {"kind": "spreadsheet_cell", "sheet_name": "May", "cell": "C7"},
                },
            }
        }
    ],
    "memo": {"value": None, "source": None},
    "note": {"value": "x", "sources": [{"quote": "x", "anchor": {"bbox": {"page_index": 0}}}]},
    "source": {"value": "web", "source": {"content": "web", "anchor": None}},
}


@pytest.mark.parametrize(
    ("tokens", "source"),
    [
        (("total",), DocumentSource(page=3, text="Total 12.50")),
        (
            ("lines", 0, "qty"),
            DocumentSource(text="4", place={"sheet_name": "May", "cell": "C7"}),
        ),
        (("memo",), DocumentSource(found=False)),
        (("note",), DocumentSource(page=1, text="x")),
        (("source",), DocumentSource(text="web")),
        (("lines", 1, "qty"), None),
        (("lines", 0), None),
        (("absent",), None),
        ((), None),
    ],
)
async def test_a_value_has_the_source_at_its_place(
    tokens: tuple[str | int, ...], source: DocumentSource | None
) -> None:
    found = await api_of(Server({PATH: {"sources": TREE}})).get_sources("extr_1")
    assert found.at(tokens) == source


@pytest.mark.parametrize("tree", [None, [], "none", 3])
async def test_a_body_without_a_tree_has_no_sources(tree: object) -> None:
    found = await api_of(Server({PATH: {"sources": tree}})).get_sources("extr_1")
    assert found.at(("total",)) is None


@pytest.mark.parametrize("answers", [{}, {PATH: refusing(422, "Extraction has no output")}])
async def test_an_extraction_without_sources_is_unsupported(answers: dict[str, Any]) -> None:
    with pytest.raises(RetabError) as caught:
        await api_of(Server(answers)).get_sources("extr_1")
    assert caught.value.kind == "unsupported"


@pytest.mark.parametrize("generation", GENERATIONS)
def test_the_sandbox_serves_sources_in_every_generation(generation: str) -> None:
    body = get(generation, PATH)
    assert body["object"] == "extraction.sources"
    assert body["sources"].keys() == body["extraction"].keys()
    assert refusal(generation, "/v1/extractions/extr_none/sources") == (
        404,
        "Extraction not found",
    )
