"""Edits: summary and findings."""

from inline_snapshot import snapshot

from tests.analysis.operations.reading import FILE, findings_of, paths_of, summary_of


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


def test_empty_form_fields_are_named_and_pointed_at() -> None:
    form = [
        {"key": "a", "value": ""},
        {"key": "b", "value": "x"},
        {"description": "The seal", "value": None},
        {"value": None},
        {"key": "d"},
    ]
    assert paths_of("edit", {"output": {"form_data": form}}) == {
        "4 of 5 form fields were left empty: a, The seal, unnamed": tuple(
            f"/output/form_data/{number}" for number in (0, 2, 3)
        )
    }


def test_a_filled_form_has_no_finding() -> None:
    assert paths_of("edit", {"output": {"form_data": [{"key": "a", "value": False}]}}) == {}


def test_summary_names_document_model_and_template() -> None:
    data = {
        "file": FILE,
        "model": "retab-small",
        "template_id": "edittplt_1",
        "filled_document_ref": {"id": "file_2", "filename": "", "mime_type": "application/pdf"},
        "output": {"filled_document": {"filename": "other.pdf"}},
    }
    assert summary_of("edit", data).value == {
        "document": "scan.pdf",
        "model": "retab-small",
        "template_id": "edittplt_1",
        "filled_document": {"id": "file_2", "mime_type": "application/pdf"},
    }


def test_a_long_form_is_cut_to_its_first_fields() -> None:
    form = [{"key": f"f{number}", "value": number} for number in range(30)]
    form += [{"key": f"e{number}"} for number in range(28)]
    summary = summary_of("edit", {"output": {"form_data": form}})
    assert summary.value["fields"] == {"filled": 30, "empty": 28}
    assert summary.value["filled"][-1] == {"key": "f24", "value": 24}
    assert summary.value["empty"][-1] == "e24"
    assert summary.omitted == ("/output/form_data", "/output/form_data")
