"""`path` accepts every key that an answer shows and returns the same value."""

from collections.abc import Iterator
from typing import Any

import pytest

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.records import Sample, resolve
from tests.samples import all_samples
from tests.support.asking import Asker, asking

SAMPLES = {sample.name: sample for sample in all_samples()}
# Failed steps of several kinds, typed outputs, retries, waiting and cancelled steps.
NAMES = ("label-rejected", "payroll-traceback", "invoice-completed", "lading-cancelled")
GENERATIONS = ("g1", "g2b", "g3")
MAX_STEPS = 2

# Keys of the answer that are not part of the record.
OF_THE_ANSWER = frozenset(
    {
        *("path", "value", "truncated", "next_calls", "redacted", "hidden_characters"),
        *("untrusted_text", "matches", "summary"),
    }
)


def places(shown: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the pointer and value of each key or item in an answer; for a shape, the pointer only."""
    if pointer:
        yield pointer, shown
    if isinstance(shown, dict) and "$shape" not in shown:
        for key, value in shown.items():
            if pointer or key not in OF_THE_ANSWER:
                yield from places(value, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(shown, list):
        for index, value in enumerate(shown):
            yield from places(value, f"{pointer}/{index}")


def is_whole(shown: Any) -> bool:
    """Return whether a value is shown whole: not a shape, cut text or part of an object."""
    return isinstance(shown, (int, float, bool, type(None))) or (
        isinstance(shown, str) and "…" not in shown
    )


async def check(asker: Asker, tool: str, arguments: dict[str, Any]) -> int:
    """Read every path that an overview shows; return how many values were compared."""
    overview = await asker.ask(tool, **arguments)
    compared = 0
    for pointer, shown in places(overview):
        if pointer.startswith("/cause/details/stack_trace/"):
            continue  # a summary of the text that the path reads
        read = await asker.ask(tool, **arguments, path=pointer)
        assert read["path"] == pointer
        if is_whole(shown):
            assert read["value"] == shown, pointer
            compared += 1
    return compared


def worth_reading(sample: Sample) -> list[str]:
    """Return the ids of a few steps, those that did not complete first."""
    steps = resolve(sample.runs[0].steps)
    return [step.step_id for step in sorted(steps, key=lambda s: s.status == "completed")]


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("name", NAMES)
async def test_paths_shown_by_get_step(name: str, generation: str) -> None:
    sample = SAMPLES[name]
    if not sample.occurs_in(generation):
        pytest.skip(f"{name} cannot occur in {generation}")
    compared = 0
    async with asking(create_app(generation, [sample])) as asker:
        for step_id in worth_reading(sample)[:MAX_STEPS]:
            arguments = {"run_id": sample.runs[0].id, "step_id": step_id}
            compared += await check(asker, "get_step", arguments)
    assert compared > 10


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("name", NAMES[:3])
async def test_paths_shown_by_get_artifact(name: str, generation: str) -> None:
    sample = SAMPLES[name]
    if not sample.occurs_in(generation) or generation == "g1":
        pytest.skip("there are no artifacts")
    async with asking(create_app(generation, [sample])) as asker:
        listed = await asker.ask("list_steps", run_id=sample.runs[0].id)
        refs = [row["artifact"] for row in listed["rows"] if "artifact" in row]
        for ref in refs[:MAX_STEPS]:
            assert await check(asker, "get_artifact", {"artifact_id": ref}) >= 2


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_paths_shown_by_get_experiment_job(generation: str) -> None:
    sample = SAMPLES["experiment-failed-job"]
    if not sample.occurs_in(generation):
        pytest.skip("there are no experiments")
    experiment = sample.experiments[0]
    async with asking(create_app(generation, [sample])) as asker:
        for job in experiment.jobs[:MAX_STEPS]:
            arguments = {
                "run_id": experiment.run_id,
                "document_id": job.document_id,
                "workflow_id": experiment.workflow_id,
                "experiment_id": experiment.id,
            }
            assert await check(asker, "get_experiment_job", arguments) > 5


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize(
    ("name", "query"),
    [("label-rejected", "Lyon"), ("erp-unavailable", "503"), ("payroll-traceback", "e")],
)
async def test_paths_printed_by_search_run(name: str, query: str, generation: str) -> None:
    sample = SAMPLES[name]
    if not sample.occurs_in(generation):
        pytest.skip(f"{name} cannot occur in {generation}")
    run_id = sample.runs[0].id
    async with asking(create_app(generation, [sample])) as asker:
        found = await asker.ask("search_run", run_id=run_id, query=query, limit=40)
        in_steps = [match for match in found["matches"] if "step_id" in match]
        assert in_steps
        for match in in_steps:
            path = {"path": match["path"]}
            if "artifact" in match:
                ref = match["artifact"]
                read = await asker.ask("get_artifact", artifact_id=ref, **path)
            else:
                read = await asker.ask("get_step", run_id=run_id, step_id=match["step_id"], **path)
            if "key" not in match:
                assert match["match"].strip("…") in str(read["value"])
