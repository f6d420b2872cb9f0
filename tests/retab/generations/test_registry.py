"""The registered generations, and that registering one is enough to serve it."""

import ast
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

import retab_mcp
from retab_mcp.models import Run
from retab_mcp.retab.generations import registry
from retab_mcp.retab.generations.generation import Family, Generation, Resource
from retab_mcp.retab.generations.registry import (
    GENERATIONS,
    detect_generation,
    families,
    generation_named,
    generation_of,
    names,
    renames,
)
from retab_mcp.retab.normalize import run_from_wire, step_from_wire
from tests.retab.api_scene import Server, api_of


@pytest.mark.parametrize("generation", GENERATIONS, ids=lambda one: one.name)
def test_each_generation_is_complete(generation: Generation) -> None:
    assert generation_named(generation.name) is generation
    assert set(generation.families) == set(get_args(Resource))
    assert all(generation.families.values())
    assert all(set(one) <= set(get_args(Family)) for one in generation.families.values())


def test_names_are_unique() -> None:
    assert len({one.name for one in GENERATIONS}) == len(GENERATIONS)


def test_only_retab_and_the_sandbox_name_a_generation() -> None:
    generations = {one.name for one in GENERATIONS}
    package = Path(retab_mcp.__file__).parent
    for path in package.rglob("*.py"):
        # The command line starts the sandbox of a generation.
        if path.relative_to(package).parts[0] in ("retab", "sandbox", "cli"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            assert not (isinstance(node, ast.Constant) and node.value in generations), path


def test_no_older_name_means_two_fields() -> None:
    for one in GENERATIONS:
        for record, older in one.older_names.items():
            assert older.items() <= renames(record).items()


def test_the_current_name_of_a_field_comes_first() -> None:
    assert names("block", "block_id")[0] == "block_id"
    assert "node_id" in names("block", "block_id")
    assert names("block", "nothing") == ("nothing",)


@pytest.mark.parametrize("body", [{}, {"lifecycle": None}, {"steps": [None]}, {"workflow": 3}])
def test_a_run_of_no_known_shape_counts_as_the_oldest(body: dict[str, Any]) -> None:
    assert detect_generation(body).name == "g1"


def test_an_unknown_name_counts_as_the_newest() -> None:
    assert generation_named("g9") is None
    assert generation_of(Run(id="run_1", generation="g9", status="paused")) is GENERATIONS[0]


def _has_engine(run: Mapping[str, Any]) -> bool:
    return "engine" in run


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> Generation:
    """Register an invented generation that renames blocks to nodules and nests its steps."""
    newest = GENERATIONS[0]
    generation = replace(
        newest,
        name="g9",
        recognizes=_has_engine,
        families={**newest.families, "steps": ("nested",)},
        review_list=False,
        older_names={"block": {"nodule_id": "block_id"}},
    )
    monkeypatch.setattr(registry, "GENERATIONS", (generation, *GENERATIONS))
    return generation


def test_a_registered_generation_is_detected_and_normalised(made_up: Generation) -> None:
    run = run_from_wire({"id": "run_1", "engine": 2, "lifecycle": {"status": "running"}})
    step = step_from_wire({"nodule_id": "n1", "status": "running"}, run_id="run_1")
    assert generation_of(run) is made_up
    assert step.summary.block_id == "n1"
    assert families("steps") == ("nested", "flat")


async def test_a_registered_generation_is_served(made_up: Generation) -> None:
    server = Server(
        {
            "/v1/workflows/runs/run_1": {"id": "run_1", "engine": 2, "lifecycle": {"status": "x"}},
            "/v1/workflows/runs/run_1/steps": [{"nodule_id": "n1", "step_id": "s1"}],
        }
    )
    api = api_of(server)
    run = await api.get_run("run_1")
    pages = [page async for page in api.step_pages(run)]
    assert [step.summary.block_id for page in pages for step in page.steps] == ["n1"]
    assert "/v1/workflows/steps" not in server.asked


async def test_an_unregistered_generation_is_served_by_the_routes_that_it_has() -> None:
    server = Server(
        {
            "/v1/workflows/runs/run_1": {"id": "run_1", "engine": 2, "lifecycle": {"status": "x"}},
            "/v1/workflows/runs/run_1/steps": [{"block_id": "n1", "step_id": "s1"}],
        }
    )
    api = api_of(server)
    pages = [page async for page in api.step_pages(await api.get_run("run_1"))]
    assert [step.summary.block_id for page in pages for step in page.steps] == ["n1"]
