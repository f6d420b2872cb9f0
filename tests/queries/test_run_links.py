"""Addresses of runs."""

import pytest

from retab_mcp.queries.run_links import RunLinks, template_problem

API = "https://api.retab.example.com"
TEMPLATE = "https://dash.example.com/w/{workflow_id}/r/{run_id}"


def link(links: RunLinks, workflow: str | None = "wrk_b", caller: str = "me") -> str | None:
    return links.of(caller).link("run_b", workflow)


def test_fills_the_template_and_encodes_ids() -> None:
    links = RunLinks(TEMPLATE, API)
    assert link(links) == "https://dash.example.com/w/wrk_b/r/run_b"
    assert link(links, None) is None
    odd = links.of("me").link("run_/../{workflow_id} <x>", "wrk_1")
    assert odd == "https://dash.example.com/w/wrk_1/r/run_%2F..%2F%7Bworkflow_id%7D%20%3Cx%3E"


def test_guesses_nothing() -> None:
    assert link(RunLinks("", API)) is None


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("https://www.retab.example.com/runs/run_a", "https://www.retab.example.com/runs/run_b"),
        (
            "see <https://retab.example.com/org_1/workflows/wrk_a/runs/run_a?tab=x&token=s#step>,",
            "https://retab.example.com/org_1/workflows/wrk_b/runs/run_b",
        ),
        (
            "https://api.retab.example.com/open?run=run_a&key=secret",
            "https://api.retab.example.com/open?run=run_b",
        ),
        ("https://retab.example.com/workflows/wrk_a", None),
        ("http://www.retab.example.com/runs/run_a", None),
        ("https://retab.example.com@evil.test/runs/run_a", None),
        ("https://evil.test/runs/run_a", None),
        ("https://evilretab.example.com/runs/run_a", None),
        ("https://retab.example.com.evil.test/runs/run_a", None),
        ("https://retab.example.com/{x}/runs/run_a", None),
        ("https://[/runs/run_a", None),
        ("run_a", None),
    ],
)
def test_learns_from_a_pasted_url_of_the_same_domain(pasted: str, expected: str | None) -> None:
    links = RunLinks("", API)
    links.of("me").learn_from({"run_id": pasted, "limit": 3})
    assert link(links) == expected
    assert link(links, caller="another") is None


def test_a_configured_template_is_not_replaced() -> None:
    links = RunLinks(TEMPLATE, API)
    links.of("me").learn_from({"run_id": "https://retab.example.com/runs/run_a"})
    assert link(links) == "https://dash.example.com/w/wrk_b/r/run_b"


@pytest.mark.parametrize(
    "template",
    [
        "dash.example.com/{run_id}",
        "http://dash.example.com/{run_id}",
        "https://dash.example.com/runs",
        "https://{run_id}.example.com/{run_id}",
        "https://dash.example.com/{run_id}/{step_id}",
        "https://dash.example.com/{run_id})[x](y)",
        "javascript:alert({run_id})",
    ],
)
def test_refuses_other_templates(template: str) -> None:
    assert template_problem(template)
    assert link(RunLinks(template, API)) is None
