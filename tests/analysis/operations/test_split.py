"""Splits and partitions: summary and findings."""

from inline_snapshot import snapshot

from tests.analysis.operations.reading import FILE, findings_of, summary_of


def test_split_summary_has_short_page_ranges_and_the_gap() -> None:
    data = {
        "file": {**FILE, "page_count": 14},
        "subdocuments": [{"name": "Form"}, {"name": "Report"}, {"name": "Photos"}],
        "output": [
            {"name": "Form", "pages": [1, 2, 3], "regions": []},
            {"name": "Report", "pages": [3, 4, 7], "regions": []},
        ],
        "consensus": {
            "likelihoods": [
                {"name": 0.99, "pages": [1, 1, 0.9]},
                {"name": 0.6, "pages": [0.5, 0.9, 1]},
            ],
            "choices": [
                [{"name": "Form", "pages": [1, 2, 3]}, {"name": "Report", "pages": [3, 4, 7]}],
                [{"name": "Form", "pages": [1, 2]}, {"name": "Report", "pages": [3, 4, 7]}],
            ],
        },
    }
    assert summary_of("split", data).value == snapshot(
        {
            "not_found": ["Photos"],
            "document": "scan.pdf",
            "output": [
                {"name": "Form", "pages": "1-3", "likelihood": 0.99},
                {
                    "name": "Report",
                    "pages": "3-4,7",
                    "likelihood": 0.6,
                    "low_pages": "3",
                    "lowest": 0.5,
                },
            ],
            "votes": [
                {"count": 1, "parts": ["Form 1-3", "Report 3-4,7"]},
                {"count": 1, "parts": ["Form 1-2", "Report 3-4,7"]},
            ],
            "document_pages": 14,
            "pages_unassigned": "5-6,8-14",
            "pages_overlapping": "3",
        }
    )


def test_partition_without_page_count_names_the_last_known_page() -> None:
    data = {
        "key": "account",
        "allow_overlap": False,
        "output": [{"key": "A", "pages": [1]}, {"key": "B", "pages": [3]}],
        "consensus": None,
    }
    assert summary_of("partition", data).value == snapshot(
        {
            "key": "account",
            "overlap_allowed": False,
            "output": [{"key": "A", "pages": "1"}, {"key": "B", "pages": "3"}],
            "pages_known_to": 3,
            "pages_unassigned": "2",
        }
    )


def test_findings_for_a_gap_and_an_overlap() -> None:
    data = {"output": [{"name": "A", "pages": [1, 2]}, {"name": "B", "pages": [2, 5]}]}
    assert findings_of("split", data) == snapshot(
        [
            ("pages_unassigned", "pages 3-4 were assigned to no subdocument"),
            ("pages_overlapping", "page 2 was assigned to more than one subdocument"),
        ]
    )
    assert findings_of("partition", {**data, "allow_overlap": True}) == [
        ("pages_unassigned", "pages 3-4 were assigned to no chunk")
    ]


def test_one_missing_page_is_worded_in_the_singular() -> None:
    data = {"output": [{"name": "A", "pages": [1]}, {"name": "B", "pages": [3]}]}
    assert findings_of("split", data) == [
        ("pages_unassigned", "page 2 was assigned to no subdocument")
    ]
