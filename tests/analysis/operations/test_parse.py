"""Parses: summary and findings."""

from inline_snapshot import snapshot

from tests.analysis.operations.reading import FILE, findings_of, summary_of


def test_summary_counts_pages_and_names_the_empty_ones() -> None:
    data = {"output": {"pages": ["one", " \n", "", "four"], "text": "one\n\nfour"}}
    assert summary_of("parse", data).value == snapshot(
        {"pages": 4, "characters": 9, "empty_pages": "2-3", "text": "one\n\nfour"}
    )


def test_a_document_without_text_is_a_finding() -> None:
    assert findings_of("parse", {"output": {"pages": [], "text": " "}}) == [
        ("no_text", "no text was found in the document")
    ]
    assert findings_of("parse", {"output": {"pages": ["one"], "text": ""}}) == []
    assert findings_of("parse", {"output": None}) == []


def test_summary_without_a_text_shows_the_pages() -> None:
    data = {
        "file": FILE,
        "model": "retab-small",
        "table_parsing_format": "html",
        "output": {"pages": ["one", "two"]},
    }
    assert summary_of("parse", data).value == {
        "document": "scan.pdf",
        "model": "retab-small",
        "table_format": "html",
        "pages": 2,
        "characters": 6,
        "text": ["one", "two"],
    }


def test_a_text_that_is_cut_is_read_on_by_its_pointer() -> None:
    data = {"output": {"pages": ["one"], "text": "long text " * 1000}}
    assert summary_of("parse", data).omitted == ("/output/text",)
    pages = {"output": {"pages": ["long text " * 1000]}}
    assert summary_of("parse", pages).omitted == ("/output/pages/0",)


def test_summary_of_a_failed_parse_counts_nothing() -> None:
    data = {"file": FILE, "model": "m", "output": {}}
    assert summary_of("parse", data).value == {"document": "scan.pdf", "model": "m"}


def test_several_pages_without_text_are_counted() -> None:
    assert findings_of("parse", {"output": {"pages": ["", " ", ""]}}) == [
        ("no_text", "no text was found in the document on any of its 3 pages")
    ]
    assert findings_of("parse", {"output": {"pages": [" "]}}) == [
        ("no_text", "no text was found in the document")
    ]
