"""Edits: summary and findings."""

from inline_snapshot import snapshot

from tests.analysis.operations.reading import findings_of, summary_of


def test_summary_has_the_document_by_reference_only() -> None:
    data = {
        "output": {
            "form_data": [
                {"key": "exporter", "value": "Acme Corp", "bbox": {"page": 1}},
                {"key": "licence", "value": None, "bbox": {"page": 2}},
                {"key": "seal", "value": "  "},
            ],
            "filled_document": {"filename": "out.pdf", "url": "data:application/pdf;base64,JVBERi"},
        },
        "filled_document_ref": None,
    }
    assert summary_of("edit", data).value == snapshot(
        {
            "fields": {"filled": 1, "empty": 2},
            "filled": [{"key": "exporter", "value": "Acme Corp", "page": 1}],
            "empty": ["licence", "seal"],
            "filled_document": {"filename": "out.pdf"},
        }
    )


def test_empty_form_fields_are_a_finding() -> None:
    form = [{"key": "a", "value": "x"}, {"key": "b", "value": None}, {"key": "c", "value": 0}]
    assert findings_of("edit", {"output": {"form_data": form}}) == [
        ("fields_left_empty", "1 of 3 form fields was left empty: b")
    ]
