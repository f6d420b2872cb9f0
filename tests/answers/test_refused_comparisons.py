"""compare_runs: runs and blocks that cannot be compared are refused."""

import pytest

from retab_mcp.sandbox.app import create_app
from tests.samples import pairs_of_runs
from tests.support.asking import asking

_, RECEIPT_AFTER = pairs_of_runs()[0].runs
GOOD, BAD = pairs_of_runs()[1].runs


async def test_two_equal_runs() -> None:
    async with asking(create_app("g3", pairs_of_runs())) as asker:
        refused = await asker.refused("compare_runs", run_id=BAD.id, other_run_id=BAD.id)
        assert refused["kind"] == "invalid_argument"


@pytest.mark.parametrize("missing", ["run_id", "other_run_id"])
async def test_a_missing_run_is_not_found(missing: str) -> None:
    arguments = {"run_id": BAD.id, "other_run_id": GOOD.id, missing: "run_none"}
    async with asking(create_app("g3", pairs_of_runs())) as asker:
        refused = await asker.refused("compare_runs", **arguments)
    assert refused["kind"] == "not_found"
    assert "run_none" in refused["error"]


async def test_a_block_in_neither_run_is_refused() -> None:
    arguments = {"run_id": BAD.id, "other_run_id": GOOD.id, "block_id": "each-paiment"}
    async with asking(create_app("g3", pairs_of_runs())) as asker:
        refused = await asker.refused("compare_runs", **arguments)
    assert refused["kind"] == "not_found"
    assert "each-payment" in refused["blocks"]


async def test_runs_of_two_workflows_are_refused_with_their_names() -> None:
    async with asking(create_app("g3", pairs_of_runs())) as asker:
        refused = await asker.refused("compare_runs", run_id=BAD.id, other_run_id=RECEIPT_AFTER.id)
    assert refused["kind"] == "invalid_argument"
    for run in (BAD, RECEIPT_AFTER):
        assert run.workflow_id in refused["workflow_names"]
