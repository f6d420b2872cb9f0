"""Extractions: summary, findings and evidence."""

from inline_snapshot import snapshot

from tests.analysis.operations.reading import (
    FILE,
    evidence_of,
    findings_of,
    paths_of,
    summary_of,
)


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


ORDER = {
    "required": ["number", "due"],
    "properties": {
        "number": {"type": "string"},
        "due": {"type": ["string", "null"]},
        "total": {"type": "number"},
    },
}


def test_nulls_that_the_schema_allows_count_only_without_worse() -> None:
    allowed = {"output": {"number": "1", "due": None}, "json_schema": ORDER}
    assert paths_of("extraction", allowed) == {
        "1 required field is null: due (the schema allows null)": ("/output/due",)
    }
    row = {"path": "/output/due", "problem": "null", "schema_allows_null": True}
    assert summary_of("extraction", allowed).value["required_missing"]["first"] == [row]
    worse = {"output": {"number": None, "due": None}, "json_schema": ORDER}
    assert paths_of("extraction", worse) == {
        "1 required field is null: number": ("/output/number",)
    }


def test_null_and_missing_fields_are_counted_together() -> None:
    data = {"output": {"due": "x", "lines": [{}, {"sku": None}, {}]}}
    row = {"required": ["sku"], "properties": {"sku": {"type": "string"}}}
    schema = {"required": ["number"], "properties": {"lines": {"type": "array", "items": row}}}
    assert findings_of("extraction", data | {"json_schema": schema}) == [
        ("required_missing", "4 required fields are null or missing: number, sku, sku")
    ]
    assert summary_of("extraction", data | {"json_schema": schema}).value["required_missing"] == {
        "count": 4,
        "first": [
            {"path": "/output", "field": "number", "problem": "missing"},
            {"path": "/output/lines/0", "field": "sku", "problem": "missing", "places": 2},
            {"path": "/output/lines/1/sku", "problem": "null"},
        ],
    }


def test_values_of_a_wrong_type_are_counted_with_their_places() -> None:
    rows = {"type": "array", "items": {"properties": {"price": {"type": "number"}}}}
    data = {
        "output": {"lines": [{"price": "1"}, {"price": "2"}], "total": "3"},
        "json_schema": {"properties": {"lines": rows, "total": {"type": "number"}}},
    }
    assert paths_of("extraction", data) == {
        '3 values have a type that the schema does not allow: expected number, got string "1"': (
            "/output/lines/0/price",
            "/output/total",
        )
    }
    assert evidence_of("extraction", data)["type_mismatches"] == {
        "count": 3,
        "first": [
            {"path": "/output/lines/0/price", "expected": "number", "value": "1", "places": 2},
            {"path": "/output/total", "expected": "number", "value": "3"},
        ],
    }


def test_low_likelihoods_are_counted_and_the_worst_pointed_at() -> None:
    likelihoods = {"a": 0.7, "b": 0.2, "c": 0.75, "d": 0.5, "e": 0.6}
    data = {"output": dict.fromkeys("abcde", 1), "consensus": {"likelihoods": likelihoods}}
    assert paths_of("extraction", data) == {
        "4 values have a likelihood under 0.75, lowest 0.2": ("/output/b", "/output/d", "/output/e")
    }
    assert paths_of("extraction", data | {"output": {}}, status="error") == {}


def test_a_schema_without_properties_is_said_to_be_unchecked_only_where_there_is_one() -> None:
    assert summary_of("extraction", {"output": {"a": 1}}).value == {"output": {"a": 1}}
