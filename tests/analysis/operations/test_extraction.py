"""Extractions: summary, findings and evidence."""

from inline_snapshot import snapshot

from tests.analysis.operations.reading import FILE, evidence_of, findings_of, summary_of


def test_summary_shows_what_is_doubtful_before_the_data() -> None:
    data = {
        "file": FILE,
        "model": "retab-small",
        "json_schema": {
            "type": "object",
            "required": ["number", "due", "total"],
            "properties": {
                "number": {"type": "string"},
                "due": {"type": "string"},
                "total": {"type": "number"},
            },
        },
        "output": {"number": "17", "due": None, "total": "1.180,00"},
        "consensus": {
            "likelihoods": {"number": 1.0, "due": 0.5, "total": 0.34},
            "choices": [
                {"number": "17", "due": None, "total": "1.180,00"},
                {"number": "17", "total": 1180},
            ],
        },
    }
    assert summary_of("extraction", data).value == snapshot(
        {
            "document": "scan.pdf",
            "model": "retab-small",
            "required_missing": {"count": 1, "first": [{"path": "/output/due", "problem": "null"}]},
            "type_mismatches": {
                "count": 1,
                "first": [{"path": "/output/total", "expected": "number", "value": "1.180,00"}],
            },
            "low_likelihoods": {
                "count": 2,
                "first": [
                    {"path": "/output/total", "value": "1.180,00", "likelihood": 0.34},
                    {"path": "/output/due", "value": None, "likelihood": 0.5},
                ],
            },
            "votes_disagree": {
                "count": 2,
                "first": [
                    {
                        "path": "/output/due",
                        "votes": [{"value": None, "count": 1}, {"absent": True, "count": 1}],
                    },
                    {
                        "path": "/output/total",
                        "votes": [{"value": "1.180,00", "count": 1}, {"value": 1180, "count": 1}],
                    },
                ],
            },
            "output": {"number": "17", "due": None, "total": "1.180,00"},
        }
    )


def test_empty_output_of_a_failed_extraction_misses_no_fields() -> None:
    data = {"file": FILE, "output": {}, "json_schema": {"required": ["total"]}}
    assert summary_of("extraction", data, status="error").value == {"document": "scan.pdf"}
    completed = summary_of("extraction", data, status="completed").value
    assert completed["required_missing"]["count"] == 1


def test_findings() -> None:
    data = {
        "output": {"date": None, "total": "12"},
        "json_schema": {
            "required": ["date"],
            "properties": {"date": {"type": "string"}, "total": {"type": "number"}},
        },
        "consensus": {"likelihoods": {"date": 0.2, "total": 0.9}},
    }
    assert findings_of("extraction", data) == snapshot(
        [
            (
                "type_mismatch",
                '1 value has a type that the schema does not allow: expected number, got string "12"',
            ),
            ("required_missing", "1 required field is null: date"),
            ("low_likelihood", "1 value has a likelihood under 0.75: 0.2"),
        ]
    )


def test_empty_output_of_a_failed_extraction_has_no_findings() -> None:
    data = {"output": {}, "json_schema": {"required": ["total"]}}
    assert findings_of("extraction", data, status="error") == []
    assert findings_of("extraction", data) == [
        ("required_missing", "1 required field is missing: total")
    ]


def test_evidence_is_what_breaks_the_schema() -> None:
    data = {
        "output": {"total": "12"},
        "json_schema": {"properties": {"total": {"type": "number"}}},
    }
    assert evidence_of("extraction", data) == {
        "type_mismatches": {
            "count": 1,
            "first": [{"path": "/output/total", "expected": "number", "value": "12"}],
        }
    }
    assert evidence_of("extraction", {"output": {}}) == {}
