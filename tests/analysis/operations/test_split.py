"""Splits and partitions: summary and findings."""

from inline_snapshot import snapshot

from tests.analysis.operations.reading import FILE, findings_of, paths_of, summary_of


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


def test_partition_that_allows_overlap_says_nothing_of_it() -> None:
    data = {"allow_overlap": True, "output": [{"key": "A", "pages": [1]}]}
    assert summary_of("partition", data).value == {
        "output": [{"key": "A", "pages": "1"}],
        "pages_known_to": 1,
    }


def test_subdocuments_are_not_missing_before_any_was_found() -> None:
    data = {"subdocuments": [{"name": "Form"}], "output": [], "model": "retab-small"}
    assert summary_of("split", data).value == {"model": "retab-small"}


def test_a_part_of_a_sheet_is_named_by_its_rows() -> None:
    regions = [
        {"sheet_name": "Rates", "row_start": 2, "row_end": 9},
        {"sheet_index": 3, "row_start": 1, "row_end": 4},
    ]
    data = {"output": [{"name": "A", "regions": regions}]}
    assert summary_of("split", data).value == {
        "output": [{"name": "A", "sheets": ["Rates rows 2-9", "3 rows 1-4"]}]
    }


def test_votes_that_agree_are_not_shown() -> None:
    part = [{"name": "A", "pages": [1]}]
    data = {"output": part, "consensus": {"choices": [part, part]}}
    assert "votes" not in summary_of("split", data).value


def test_more_likelihoods_than_parts_or_pages_are_ignored() -> None:
    likelihoods = [{"name": 0.9, "pages": [0.95, 0.2]}, {"name": 0.1}]
    data = {"output": [{"name": "A", "pages": [4]}], "consensus": {"likelihoods": likelihoods}}
    assert summary_of("split", data).value["output"] == [
        {"name": "A", "pages": "4", "likelihood": 0.9}
    ]
    fewer = data | {"output": [{"name": "A", "pages": []}, {"name": "B"}, {"name": "C"}]}
    assert [row.get("likelihood") for row in summary_of("split", fewer).value["output"]] == [
        *(0.9, 0.1, None)
    ]


def test_a_low_likelihood_of_a_part_is_a_finding() -> None:
    data = {
        "output": [{"name": "A", "pages": [1]}],
        "consensus": {"likelihoods": [{"name": 0.4, "pages": [0.9]}]},
    }
    assert paths_of("split", data) == {
        "1 value has a likelihood under 0.75: 0.4": ("/consensus/likelihoods/0/name",)
    }
    keyed = data | {"output": [{"key": "A", "pages": [1]}]}
    assert list(paths_of("partition", keyed)) == ["1 value has a likelihood under 0.75: 0.4"]


def test_a_long_list_of_parts_is_cut_and_counted() -> None:
    parts = [{"name": f"P{number}", "pages": [number]} for number in range(1, 71)]
    summary = summary_of("split", {"output": parts})
    assert summary.value["parts"] == 70
    assert len(summary.value["output"]) == 60
    assert (summary.shown, summary.total, summary.unit) == (60, 70, "rows")
    assert summary.omitted == ("/output/60-70",)


def test_findings_of_pages_point_at_the_parts() -> None:
    data = {"output": [{"name": "A", "pages": [1, 3]}, {"name": "B", "pages": [3]}]}
    assert paths_of("split", data) == {
        "page 2 was assigned to no subdocument": ("/output",),
        "page 3 was assigned to more than one subdocument": ("/output",),
    }
