"""Classifications: summary and findings."""

from inline_snapshot import snapshot

from retab_mcp.models import FindingKind
from tests.analysis.operations.reading import FILE, evidence_of, findings_of, paths_of, summary_of


def test_summary_shows_the_votes() -> None:
    data = {
        "file": FILE,
        "categories": [{"name": "Invoice"}, {"name": "Reminder"}],
        "output": {"category": "Invoice", "reasoning": "names an amount " * 100},
        "consensus": {
            "choices": [{"category": "Invoice"}, {"category": "Reminder"}, {"category": "Invoice"}],
            "likelihoods": 0.67,
        },
    }
    value = summary_of("classification", data).value
    assert value.pop("reasoning").startswith("names an amount")
    assert value == snapshot(
        {
            "document": "scan.pdf",
            "category": "Invoice",
            "likelihood": 0.67,
            "votes": [{"category": "Invoice", "count": 2}, {"category": "Reminder", "count": 1}],
            "categories": ["Invoice", "Reminder"],
        }
    )


def test_low_likelihood_and_its_votes_are_one_finding() -> None:
    data = {
        "output": {"category": "Invoice"},
        "consensus": {
            "likelihoods": 0.67,
            "choices": [{"category": "Invoice"}, {"category": "Invoice"}, {"category": "Other"}],
        },
    }
    assert findings_of("classification", data) == snapshot(
        [
            (
                FindingKind.LOW_LIKELIHOOD,
                "category Invoice has a likelihood of 0.67 (votes: Invoice 2, Other 1)",
            )
        ]
    )


def test_votes_that_disagree_are_a_finding_of_their_own_where_the_likelihood_is_high() -> None:
    choices = [{"category": "Invoice"}, {"category": "Invoice"}, {"category": "Other"}]
    data = {"consensus": {"likelihoods": 0.82, "choices": choices}}
    assert findings_of("classification", data) == [
        ("votes_disagree", "votes for the category differ: Invoice 2, Other 1")
    ]
    assert findings_of("classification", {"consensus": {"likelihoods": 0.9}}) == []


def test_a_category_of_no_list_is_marked() -> None:
    data = {"output": {"category": "Quote"}, "categories": [{"name": "Order"}]}
    assert summary_of("classification", data).value == {
        "category": "Quote",
        "categories": ["Order"],
        "category_unknown": True,
    }
    assert "category_unknown" not in summary_of("classification", data | {"categories": []}).value


def test_a_document_without_a_category_is_said() -> None:
    choices = [{"category": "Invoice"}, {}]
    data = {"consensus": {"likelihoods": 0.4, "choices": choices}}
    message = "category of the document has a likelihood of 0.4 (votes: Invoice 1, no category 1)"
    assert findings_of("classification", data) == [("low_likelihood", message)]
    assert paths_of("classification", data) == {message: ("/consensus/choices",)}


def test_a_low_likelihood_without_votes_points_at_nothing() -> None:
    data = {"output": {"category": "Invoice"}, "consensus": {"likelihoods": 0.74}}
    assert paths_of("classification", data) == {
        "category Invoice has a likelihood of 0.74": (),
    }


def test_evidence_is_the_category_and_its_likelihood() -> None:
    data = {"output": {"category": "Invoice"}, "consensus": {"likelihoods": 0.4}}
    assert evidence_of("classification", data) == {"category": "Invoice", "likelihood": 0.4}
    assert evidence_of("classification", {"consensus": {"likelihoods": True}}) == {}
