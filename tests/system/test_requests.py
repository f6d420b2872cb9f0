"""get_run takes a limited number of requests for every run, in every generation."""

from collections.abc import Sequence

import pytest

from retab_mcp.queries.explanation import MAX_REQUESTS
from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.generations import GENERATIONS
from tests.labelled import all_scenarios
from tests.samples import all_samples
from tests.support.asking import asking


def counted(paths: Sequence[str]) -> list[str]:
    """Return the paths without those of lists of steps."""
    return [path for path in paths if not path.endswith("/steps")]


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_no_run_takes_more_requests_than_the_limit(generation: str) -> None:
    samples = [*all_samples(), *(scenario.sample for scenario in all_scenarios())]
    app = create_app(generation, samples)
    runs = list(dict.fromkeys(run.id for sample in samples for run in sample.runs))
    spent = {}
    async with asking(app) as asker:
        for run_id in runs:
            app.state.requests.clear()
            await asker.ask("get_run", run_id=run_id)
            spent[run_id] = counted([request.path for request in app.state.requests])
    assert {run: paths for run, paths in spent.items() if len(paths) > MAX_REQUESTS} == {}


@pytest.mark.parametrize("generation", ["g2b", "g2c", "g2e", "g3"])
async def test_artifacts_come_from_their_list(generation: str) -> None:
    scenario = next(one for one in all_scenarios() if one.name == "one-of-forty-policies")
    app = create_app(generation, [scenario.sample])
    async with asking(app) as asker:
        answer = await asker.ask("get_run", run_id=scenario.run.id)
    artifacts = [request.path for request in app.state.requests if "artifact" in request.path]
    assert artifacts == ["/v1/workflows/artifacts"]
    assert answer["findings"][0]["kind"] == "required_missing"
    assert "unavailable" not in answer
