"""The order in which routes are tried, and what the cache keeps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.retab import route_cache
from retab_mcp.retab.generations.generation import Resource
from retab_mcp.retab.route_cache import RouteCache
from tests.retab.wires import GENERATIONS

ME = ("https://api.retab.com", "fingerprint")
SOMEONE = ("https://api.retab.com", "another")
RESOURCES = ["steps", "artifact", "experiment_job", "graph"]


@pytest.mark.parametrize(
    ("generation", "steps", "artifact", "job"),
    [
        ("g1", "nested", "primitive", "nested"),
        ("g2a", "nested", "primitive", "nested"),
        ("g2b", "nested", "by_operation", "nested"),
        ("g2c", "nested", "by_operation", "result_of_run"),
        ("g2d", "flat", "by_id", "flat"),
        ("g2e", "flat", "by_id", "flat"),
        ("g3", "flat", "by_id", "flat"),
    ],
)
def test_the_generation_of_a_run_comes_first(
    generation: str, steps: str, artifact: str, job: str
) -> None:
    cache = RouteCache()
    assert cache.order(ME, "steps", generation)[0] == steps
    assert cache.order(ME, "artifact", generation)[0] == artifact
    assert cache.order(ME, "experiment_job", generation)[0] == job


def test_newest_first_when_nothing_is_known() -> None:
    cache = RouteCache()
    assert cache.order(ME, "artifact") == ("by_id", "by_operation", "primitive")
    assert cache.order(ME, "artifact", "g9") == ("by_id", "by_operation", "primitive")


def test_what_worked_comes_first_and_the_rest_follows() -> None:
    cache = RouteCache()
    cache.remember(ME, "artifact", "primitive")
    assert cache.order(ME, "artifact") == ("primitive", "by_id", "by_operation")
    assert cache.order(SOMEONE, "artifact")[0] == "by_id"
    assert cache.order(ME, "artifact", "g2b")[0] == "by_operation"


def test_the_generation_of_the_last_run_comes_first() -> None:
    cache = RouteCache()
    cache.remember_run(ME, "g2c")
    assert cache.order(ME, "experiment_job")[0] == "result_of_run"
    assert cache.order(SOMEONE, "experiment_job")[0] == "flat"


@given(st.sampled_from(RESOURCES), st.none() | st.sampled_from(GENERATIONS))
def test_every_family_is_tried_once(resource: Resource, generation: str | None) -> None:
    order = RouteCache().order(ME, resource, generation)
    assert sorted(order) == sorted(set(order))
    assert set(order) == set(RouteCache().order(ME, resource))


def test_the_route_cache_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(route_cache, "MAX_CACHED_CALLERS", 2)
    cache = RouteCache()
    for number in range(50):
        cache.remember_run(("url", str(number)), "g1")
        cache.remember(("url", str(number)), "graph", "nested")
    assert cache.order(("url", "0"), "steps")[0] == "flat"
    assert cache.order(("url", "0"), "graph")[0] == "version"
    assert cache.order(("url", "49"), "steps")[0] == "nested"
    assert cache.order(("url", "49"), "graph")[0] == "nested"


def test_routes_that_worked_for_a_shape_come_first() -> None:
    cache = RouteCache()
    assert cache.order(ME, "steps", "g2c")[0] == "nested"
    cache.remember(ME, "steps", "flat", "g2c")
    assert cache.order(ME, "steps", "g2c")[0] == "flat"
    assert cache.order(ME, "steps", "g2b")[0] == "nested"
    assert cache.order(ME, "steps")[0] == "flat"
