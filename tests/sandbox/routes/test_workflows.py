"""Workflows, their graph and its versions."""

import pytest

from retab_mcp.sandbox.generations import GENERATIONS
from tests.sandbox.small import get, refusal


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_workflow_has_only_its_name(generation: str) -> None:
    workflow = get(generation, "/v1/workflows/wf_1")
    assert (workflow["id"], workflow["name"]) == ("wf_1", "Bills")
    assert get(generation, "/v1/workflows")["data"] == [workflow]
    assert refusal(generation, "/v1/workflows/none") == (404, "Workflow not found")


def test_nested_graph_routes() -> None:
    blocks, edges = get("g1", "/v1/workflows/wf_1/blocks"), get("g1", "/v1/workflows/wf_1/edges")
    assert [(block["id"], block["type"]) for block in blocks] == [
        ("read", "extract"),
        ("calc", "functions"),
    ]
    assert (edges[0]["source_block"], edges[0]["target_block"]) == ("read", "calc")
    entities = get("g1", "/v1/workflows/wf_1/entities")
    assert (entities["blocks"], entities["edges"]) == (blocks, edges)


def test_flat_graph_routes() -> None:
    blocks = get("g3", "/v1/workflows/blocks?workflow_id=wf_1")["data"]
    assert [block["id"] for block in blocks] == ["read", "calc"]
    assert get("g3", "/v1/workflows/edges?workflow_id=wf_1&source_block=calc")["data"] == []
    assert refusal("g3", "/v1/workflows/blocks")[0] == 422


def test_versions_show_the_graph_that_ran() -> None:
    path = "/v1/workflows/versions"
    listed = get("g3", f"{path}?workflow_id=wf_1")["data"]
    assert [version["id"] for version in listed] == ["ver_1", "ver_2"]
    version = get("g3", f"{path}/ver_1?workflow_id=wf_1")
    assert (version["edges"][0]["source"], version["edges"][0]["target"]) == ("read", "calc")
    assert refusal("g3", f"{path}/ver_1")[0] == 422
    assert refusal("g3", f"{path}/ver_9?workflow_id=wf_1")[0] == 404


def test_the_diff_of_two_versions() -> None:
    query = "workflow_id=wf_1&from_workflow_version_id=ver_2&to_workflow_version_id=ver_1"
    assert get("g3", f"/v1/workflows/versions/diff?{query}") == {
        "from_workflow_version_id": "ver_2",
        "to_workflow_version_id": "ver_1",
        "added_block_ids": ["calc"],
        "removed_block_ids": [],
        "changed_block_ids": ["read"],
        "added_edge_ids": ["edge_1"],
        "removed_edge_ids": [],
        "changed_edge_ids": [],
    }


@pytest.mark.parametrize(
    ("generation", "method"), [("g1", "api_key"), ("g2e", "api_key"), ("g3", "bearer_token")]
)
def test_the_credential_can_be_probed(generation: str, method: str) -> None:
    assert get(generation, "/v1/auth/status")["auth_method"] == method


def test_usage_names_the_steps_that_cost() -> None:
    (row,) = get("g3", "/v1/usage/primitives?run_id=run_1")["data"]
    assert (row["block_id"], row["credits"], row["page_count"]) == ("read", 1.5, 2)
    assert get("g3", "/v1/usage/primitives?run_id=run_2")["data"] == []
    assert refusal("g2e", "/v1/usage/primitives") == (404, "Not Found")
