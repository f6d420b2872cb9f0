"""Parses: summary and findings."""

from inline_snapshot import snapshot

from tests.analysis.operations.reading import findings_of, summary_of


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
