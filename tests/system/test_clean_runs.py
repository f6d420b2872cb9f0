"""get_run reports nothing about completed runs that only look suspicious."""

import pytest

from retab_mcp.queries.explanation import MAX_REQUESTS
from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.generations import GENERATIONS
from tests.labelled import clean
from tests.support.asking import asking

RUNS = clean.scenarios()


def test_there_are_enough_of_them() -> None:
    assert len({scenario.name for scenario in RUNS}) >= 30


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_a_clean_run_has_no_finding(generation: str) -> None:
    app = create_app(generation, [scenario.sample for scenario in RUNS])
    found = {}
    async with asking(app) as asker:
        for scenario in RUNS:
            app.state.requests.clear()
            answer = await asker.ask("get_run", run_id=scenario.run.id)
            said = {key: answer[key] for key in ("findings", "unavailable") if key in answer}
            requests = [one for one in app.state.requests if not one.path.endswith("/steps")]
            if said or len(requests) > MAX_REQUESTS:
                found[scenario.name] = (said, len(requests))
    assert found == {}
