"""The samples: ids, references, times, sizes, and facts that their records confirm."""

import hashlib
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from retab_mcp.sandbox import samples as of_the_sandbox
from retab_mcp.sandbox.builder.ids import identifier
from retab_mcp.sandbox.generations import GENERATIONS
from retab_mcp.sandbox.records import (
    Sample,
    SampleArtifact,
    SampleExperiment,
    SampleRun,
    SampleStep,
    resolve,
)
from tests.facts import facts_of
from tests.facts.fact import Fact
from tests.samples import all_samples

SAMPLES = {sample.name: sample for sample in all_samples()}
RUNS = {run.id: run for sample in SAMPLES.values() for run in sample.runs}
each_sample = pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
each_run = pytest.mark.parametrize(
    "run", RUNS.values(), ids=[f"{s.name}-{r.status}" for s in SAMPLES.values() for r in s.runs]
)


def artifacts_of(sample: Sample) -> dict[str, SampleArtifact]:
    owners: list[SampleRun | SampleExperiment] = [*sample.runs, *sample.experiments]
    return {each.id: each for owner in owners for each in resolve(owner.artifacts)}


def handles_of(step: SampleStep) -> Iterator[tuple[str, Any]]:
    yield from resolve(step.handle_inputs).items()
    yield from resolve(step.handle_outputs).items()


def payload_text(sample: Sample) -> str:
    """Return everything of a sample that the API can send, as JSON text."""
    parts: list[Any] = []
    for run in sample.runs:
        parts += [resolve(run.json_data), run.failure and run.failure.message]
        for step in resolve(run.steps):
            parts += [dict(handles_of(step)), resolve(step.output)]
            parts.append(step.failure and step.failure.message)
    parts += [resolve(artifact.data) for artifact in artifacts_of(sample).values()]
    return json.dumps(parts, ensure_ascii=False)


def at_pointer(value: Any, pointer: str) -> Any:
    for token in pointer.split("/")[1:]:
        value = value[int(token)] if isinstance(value, list) else value[token]
    return value


def test_there_are_enough_samples_with_every_status_of_runs() -> None:
    assert len(SAMPLES) >= 22
    assert {run.status for run in RUNS.values()} == {
        "pending",
        "running",
        "awaiting_review",
        "completed",
        "error",
        "cancelled",
    }


def test_all_operations_occur() -> None:
    operations = {
        artifact.operation
        for sample in SAMPLES.values()
        for artifact in artifacts_of(sample).values()
    }
    assert operations == {
        "extraction",
        "split",
        "classification",
        "parse",
        "edit",
        "partition",
        "conditional_evaluation",
        "review_trigger_evaluation",
        "while_loop_termination",
        "api_call_invocation",
        "function_invocation",
    }


def test_ids_are_unique_across_all_samples() -> None:
    ids = [sample.name for sample in all_samples()]
    for sample in all_samples():
        ids += artifacts_of(sample)
        ids += [run.id for run in sample.runs]
        ids += [step.step_id for run in sample.runs for step in resolve(run.steps)]
        ids += [review.id for run in sample.runs for review in run.reviews]
        # Several runs of one experiment share its id.
        ids += {experiment.id for experiment in sample.experiments}
        for experiment in sample.experiments:
            ids.append(experiment.run_id)
            ids += [job.id for job in experiment.jobs]
    assert [each for each, count in Counter(ids).items() if count > 1] == []


def test_a_workflow_version_has_one_graph() -> None:
    graphs: dict[tuple[str, str], Any] = {}
    for run in RUNS.values():
        graph = (run.workflow_name, run.blocks, run.edges)
        assert graphs.setdefault((run.workflow_id, run.workflow_version_id), graph) == graph


@each_run
def test_every_reference_of_a_run_resolves(run: SampleRun) -> None:
    blocks = {block.id: block for block in run.blocks}
    artifacts = {each.id: each.operation for each in resolve(run.artifacts)}
    steps = {step.step_id for step in resolve(run.steps)}
    for step in resolve(run.steps):
        assert step.type == blocks[step.block_id].type
        assert {loop.container_id for loop in step.loops} <= set(blocks)
        if step.artifact:
            assert artifacts[step.artifact.id] == step.artifact.operation
    assert {block.parent_id for block in run.blocks} - {None} <= set(blocks)
    assert {end for edge in run.edges for end in (edge.source, edge.target)} <= set(blocks)
    assert {*run.documents, *resolve(run.json_data), *run.waiting_for_block_ids} <= set(blocks)
    assert {review.step_id for review in run.reviews} <= steps
    assert run.failing_step_id is None or run.failing_step_id in steps


@each_run
def test_every_artifact_of_a_run_belongs_to_a_step(run: SampleRun) -> None:
    referred = {step.artifact.id for step in resolve(run.steps) if step.artifact}
    assert {each.id for each in resolve(run.artifacts)} == referred


@each_sample
def test_records_do_not_hold_what_the_wire_adds(sample: Sample) -> None:
    added = {"operation", "id", "run_id", "step_id", "status", "error", "created_at"}
    for artifact in artifacts_of(sample).values():
        assert not added & set(resolve(artifact.data))


@each_run
def test_failed_calls_have_failed_records(run: SampleRun) -> None:
    artifacts = {each.id: each for each in resolve(run.artifacts)}
    for step in resolve(run.steps):
        if step.artifact and step.artifact.operation.endswith("_invocation"):
            record = artifacts[step.artifact.id]
            assert (record.failure is not None) == (step.status == "error")


@each_run
def test_statuses_go_with_what_explains_them(run: SampleRun) -> None:
    assert (run.failure is not None) == (run.status == "error")
    assert (run.reason is not None) == (run.status == "cancelled")
    assert bool(run.waiting_for_block_ids) == (run.status == "awaiting_review")
    for step in resolve(run.steps):
        assert (step.failure is not None) == (step.status == "error")
        assert (step.reason is not None) == (step.status in ("skipped", "cancelled"))


@each_run
def test_steps_run_within_their_run(run: SampleRun) -> None:
    # As text, times sort correctly only with the same number of digits.
    def moment(time: str | None) -> str:
        return (time or "").removesuffix("Z").ljust(len("2026-08-03T09:00:00.000"), ".")

    for step in resolve(run.steps):
        if step.started_at:
            assert moment(run.started_at) <= moment(step.started_at)
        if step.completed_at:
            assert moment(step.started_at) <= moment(step.completed_at)
            assert run.completed_at is None or moment(step.completed_at) <= moment(run.completed_at)


@each_run
def test_handles_have_the_form_that_every_generation_can_carry(run: SampleRun) -> None:
    for step in resolve(run.steps):
        for name, handle in handles_of(step):
            if handle["type"] == "json":
                assert name.startswith(("input-json-", "output-json-"))
                assert isinstance(handle["data"], dict)
            else:
                assert name.startswith(("input-file-", "output-file-"))
                assert set(handle["document"]) == {"id", "filename", "mime_type"}


@each_sample
def test_a_sample_has_facts_about_itself(sample: Sample) -> None:
    own = {run.id for run in sample.runs} | {each.run_id for each in sample.experiments}
    own |= {run.id for run in sample.eval_runs}
    artifacts = artifacts_of(sample)
    facts = facts_of(sample.name)
    assert len(facts) >= 5
    assert len({(f.tool, str(f.arguments), f.path) for f in facts}) == len(facts)
    assert set(sample.generations or GENERATIONS) <= set(GENERATIONS)
    for fact in facts_of(sample.name):
        assert fact.arguments.get("run_id", next(iter(own))) in own
        assert fact.arguments.get("artifact_id", next(iter(artifacts), None)) in {*artifacts, None}
        assert any(sample.occurs_in(each) for each in fact.generations or GENERATIONS)


@each_sample
def test_facts_about_payloads_hold_in_the_records(sample: Sample) -> None:
    artifacts = artifacts_of(sample)
    for fact in facts_of(sample.name):
        if "path" not in fact.arguments or "[redacted]" in str(fact.value):
            continue
        if fact.tool == "get_artifact":
            artifact = artifacts[fact.arguments["artifact_id"]]
            message = artifact.failure and artifact.failure.message
            record = {"error": {"message": message}, **resolve(artifact.data)}
        elif fact.tool == "trace_value" and fact.path != "/value":
            continue
        else:
            step = step_asked_for(fact)
            record = {
                "handle_inputs": resolve(step.handle_inputs),
                "handle_outputs": resolve(step.handle_outputs),
            }
        found = at_pointer(record, fact.arguments["path"])
        assert visible(found) == fact.value, fact


def visible(value: Any) -> Any:
    """Return a value without the few invisible characters that samples contain."""
    if isinstance(value, str):
        return value.replace("\x1b[32m", "").replace("\x1b[0m", "").replace("\u200b", "")
    return value


def step_asked_for(fact: Fact) -> SampleStep:
    asked = fact.arguments["step_id"]
    steps = resolve(RUNS[fact.arguments["run_id"]].steps)
    (step,) = [each for each in steps if asked in (each.step_id, each.block_id)]
    return step


@each_sample
def test_facts_about_counts_and_times_hold_in_the_records(sample: Sample) -> None:
    for fact in facts_of(sample.name):
        if fact.tool != "get_run":
            continue
        run = RUNS[fact.arguments["run_id"]]
        if fact.path == "/status":
            assert fact.value == run.status
        if fact.path.startswith("/step_counts/"):
            tally = Counter(step.status for step in resolve(run.steps))
            assert fact.value == tally[fact.path.removeprefix("/step_counts/")]
        if fact.path == "/cause/block_id":
            assert fact.value in {
                step.block_id
                for step in resolve(run.steps)
                if step.status in ("error", "awaiting_review")
            }


@each_sample
def test_secrets_are_in_the_payloads_and_not_in_the_source(sample: Sample) -> None:
    text = payload_text(sample)
    folders = (Path(of_the_sandbox.__path__[0]), Path(__file__).parent)
    source = "".join(file.read_text() for folder in folders for file in folder.glob("*.py"))
    for secret in sample.secrets:
        assert secret in text
        assert secret not in source


FINGERPRINT = """
import hashlib
from tests.samples.test_samples import SAMPLES, facts_of, payload_text
text = "".join(repr(facts_of(s.name)) + payload_text(s) for s in SAMPLES.values())
print(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())
"""


def test_another_process_builds_the_same_samples() -> None:
    text = "".join(repr(facts_of(each.name)) + payload_text(each) for each in SAMPLES.values())
    here = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    other = subprocess.run(
        [sys.executable, "-c", FINGERPRINT],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "7", "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert other.stdout.strip() == here


def run_of(name: str) -> SampleRun:
    return SAMPLES[name].runs[0]


def test_the_sample_with_a_large_parse() -> None:
    (parsed,) = (
        each
        for each in artifacts_of(SAMPLES["statement-large"]).values()
        if each.operation == "parse"
    )
    output = resolve(parsed.data)["output"]
    assert len(output["pages"]) == 412
    assert len(output["text"]) > 1_300_000


def test_the_sample_with_one_text_among_20_000_numbers() -> None:
    rows = resolve(run_of("price-list-outlier").json_data)["start-price-list"]["rows"]
    assert len(rows) == 20_000
    assert [at for at, row in enumerate(rows) if isinstance(row["qty"], str)] == [13_377]


def test_the_sample_with_three_failures_in_a_loop_of_500() -> None:
    steps = resolve(run_of("orders-for-each").steps)
    inside = [step for step in steps if step.loops]
    failing = [step.loops[0].iteration for step in inside if step.status == "error"]
    assert len(inside) == 1500
    assert failing == [17, 203, 488]


def test_the_sample_with_2_000_steps() -> None:
    assert len(resolve(run_of("manifest-2000").steps)) == 2000


def test_the_sample_with_a_data_url() -> None:
    (edited,) = artifacts_of(SAMPLES["customs-form"]).values()
    url = resolve(edited.data)["output"]["filled_document"]["url"]
    assert url.startswith("data:application/pdf;base64,")
    assert len(url) > 400_000


def test_an_id_is_drawn_from_its_name() -> None:
    assert identifier("run", "a") == identifier("run", "a")
    assert identifier("run", "a") != identifier("run", "b")
    assert len(identifier("run", "a")) == len("run_") + 21


@pytest.mark.parametrize(
    ("path", "value", "holds"),
    [
        ("/rows/1/id", "b", True),
        ("/rows/1/id", "a", False),
        ("/rows/*/id", "b", True),
        ("/rows/*/id", "c", False),
        ("/rows/7/id", "a", False),
        ("/rows/*/note", None, True),
        ("/step_counts/*", 1, True),
        ("/step_counts/error", True, False),
        ("/a~1b", 2.5, True),
        ("", {}, False),
    ],
)
def test_a_fact_holds_where_its_path_leads(path: str, value: Any, holds: bool) -> None:
    answer = {
        "rows": [{"id": "a"}, {"id": "b", "note": None}],
        "step_counts": {"error": 1},
        "a/b": 2.5,
    }
    assert Fact(tool="t", arguments={}, path=path, value=value).holds_in(answer) is holds
