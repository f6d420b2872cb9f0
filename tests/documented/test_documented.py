"""The vendor's own examples, byte for byte."""

import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.documented import EXAMPLES, DocumentedExample, create_documented_app
from tests.sandbox.small import headers

PAGES = Path(__file__).parents[3] / "shared" / "seeds"


@pytest.fixture(params=EXAMPLES, ids=lambda example: example.name)
def example(request: pytest.FixtureRequest) -> DocumentedExample:
    assert isinstance(request.param, DocumentedExample)
    return request.param


def asked(example: DocumentedExample) -> TestClient:
    return TestClient(create_documented_app(example), headers=headers(example.generation))


def test_the_route_answers_with_the_example(example: DocumentedExample) -> None:
    response = asked(example).get(example.path)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.content == example.body()
    assert json.loads(example.body())


def test_the_example_is_in_a_page(example: DocumentedExample) -> None:
    if not PAGES.is_dir():
        pytest.skip("the vendor's pages are not present")
    texts = [page.read_bytes() for page in PAGES.glob("*.txt")]
    assert any(example.body() in text for text in texts)


def test_the_key_is_required(example: DocumentedExample) -> None:
    assert TestClient(create_documented_app(example)).get(example.path).status_code == 401


@pytest.mark.parametrize("example", [e for e in EXAMPLES if e.ids["run_id"].startswith("run_")])
def test_the_run_that_the_example_belongs_to_is_served(example: DocumentedExample) -> None:
    client = asked(example)
    run = client.get(f"/v1/workflows/runs/{example.ids['run_id']}")
    assert run.json()["id"] == example.ids["run_id"]


def test_the_list_page_shows_its_own_run_only() -> None:
    (example,) = (entry for entry in EXAMPLES if entry.name == "g2e_steps")
    client = asked(example)
    assert client.get(f"{example.path}?run_id=run_abc123xyz").content == example.body()
    assert client.get(f"{example.path}?run_id=run_other").json()["data"] == []
    step = client.get(f"{example.path}/extract-block-1").json()
    row = json.loads(example.body())["data"][0]
    assert {key: step[key] for key in row} == row, "the single step says the same"
