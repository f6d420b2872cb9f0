"""What the tools must say about a sample, and the functions in which facts are written.

A fact names a tool, its arguments, a JSON Pointer into the answer, and the value there. Each
function below takes {pointer: value} and covers one call; it leaves out what follows from the
sample (run ids, workflow ids), which is filled in when the facts of a sample are asked for.

In a pointer, `*` means any element of an array or any member of an object. Where a value is an id,
it is written as StepId, RunId, DocumentId or ExperimentRunId.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from retab_mcp.sandbox.builder.ids import identifier
from retab_mcp.sandbox.generations import GENERATIONS
from retab_mcp.sandbox.records import Json, Sample, SampleRef, resolve

Generations: TypeAlias = tuple[str, ...] | None
Values: TypeAlias = Mapping[str, Json]

FROM_G2A = GENERATIONS[GENERATIONS.index("g2a") :]
# Steps that runs embed until g2a do not say why they were skipped, and jobs carry no attempt
# number: facts about downstream steps and attempts hold from g2b on.
FROM_G2B = GENERATIONS[GENERATIONS.index("g2b") :]
FROM_G2E = GENERATIONS[GENERATIONS.index("g2e") :]

_PRIMITIVES = ("split", "classification", "parse", "edit", "partition")


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One value that a tool's answer must hold at `path`, a JSON Pointer that may hold `*`.

    `generations` None means every generation that the sample is served in.
    """

    tool: str
    arguments: Mapping[str, Json]
    path: str
    value: Json
    generations: Generations = None

    def holds_in(self, answer: Json) -> bool:
        """Return whether the tool's answer, as decoded JSON, holds this value."""
        found = [answer]
        for token in self.path.split("/")[1:]:
            key = token.replace("~1", "/").replace("~0", "~")
            found = [child for node in found for child in _children(node, key)]
        boolean = isinstance(self.value, bool)  # In Python, True == 1.
        return any(isinstance(each, bool) == boolean and each == self.value for each in found)

    def is_of(self, generation: str) -> bool:
        """Return whether the fact holds in `generation`."""
        return self.generations is None or generation in self.generations


def _children(node: Json, key: str) -> list[Json]:
    members: dict[str, Json] = {}
    if isinstance(node, dict):
        members = node
    elif isinstance(node, list):
        members = {str(index): item for index, item in enumerate(node)}
    if key == "*":
        return list(members.values())
    return [members[key]] if key in members else []


# What the functions below return: it makes the facts of one call, given the sample.
Call = Callable[[Sample], list[Fact]]


@dataclass(frozen=True)
class StepId:
    """The id of a step, without the id of its run in front."""

    tail: str
    run: int = 0

    def of(self, sample: Sample) -> str:
        """Return the full id."""
        return f"{sample.runs[self.run].id}_{self.tail}"


@dataclass(frozen=True)
class RunId:
    """The id of the sample's run at an index."""

    run: int

    def of(self, sample: Sample) -> str:
        """Return the full id."""
        return sample.runs[self.run].id


@dataclass(frozen=True)
class DocumentId:
    """The id of an experiment's document, by the file's name without extension."""

    name: str

    def of(self, sample: Sample) -> str:
        """Return the full id."""
        return identifier("expdoc", self.name)


@dataclass(frozen=True)
class ExperimentRunId:
    """The id of the sample's experiment run at an index."""

    run: int

    def of(self, sample: Sample) -> str:
        """Return the full id."""
        return sample.experiments[self.run].run_id


def _filled_in(value: Json, sample: Sample) -> Json:
    if isinstance(value, (StepId, RunId, DocumentId, ExperimentRunId)):
        return value.of(sample)
    return value


def _call(
    tool: str,
    arguments: Callable[[Sample], Mapping[str, Json]],
    values: Values,
    generations: Generations = None,
) -> Call:
    def facts(sample: Sample) -> list[Fact]:
        given = {name: _filled_in(each, sample) for name, each in arguments(sample).items()}
        return [
            Fact(
                tool=tool,
                arguments=given,
                path=path,
                value=_filled_in(value, sample),
                generations=generations,
            )
            for path, value in values.items()
        ]

    return facts


def get_run(values: Values, *, run: int = 0, generations: Generations = None) -> Call:
    """State what get_run answers about the sample's run at an index."""
    return _call("get_run", lambda _: {"run_id": RunId(run)}, values, generations)


def list_steps(values: Values, *, run: int = 0, **filters: Json) -> Call:
    """State what list_steps answers with these filters."""
    return _call("list_steps", lambda _: {"run_id": RunId(run), **filters}, values)


def get_step(
    step_id: str | StepId, values: Values, *, run: int = 0, generations: Generations = None
) -> Call:
    """State what get_step answers about a step (StepId) or a block (text)."""
    return _call(
        "get_step", lambda _: {"run_id": RunId(run), "step_id": step_id}, values, generations
    )


def in_step(step_id: str | StepId, values: Values, *, run: int = 0) -> Call:
    """State which values get_step returns at pointers into the step's record (`path`)."""

    def facts(sample: Sample) -> list[Fact]:
        calls = [
            _call(
                "get_step",
                lambda _, pointer=pointer: {  # type: ignore[misc]
                    "run_id": RunId(run),
                    "step_id": step_id,
                    "path": pointer,
                },
                {"/value": value},
            )
            for pointer, value in values.items()
        ]
        return [fact for call in calls for fact in call(sample)]

    return facts


def get_artifact(of: str | int, values: Values, *, generations: Generations = None) -> Call:
    """State what get_artifact answers about the artifact `of` a step (see `in_artifact`)."""

    def facts(sample: Sample) -> list[Fact]:
        ref = _ref(sample, of)
        arguments = {"artifact_id": ref.id, "operation": ref.operation}
        readable = generations or _readable(ref)
        return _call("get_artifact", lambda _: arguments, values, readable)(sample)

    return facts


def in_artifact(of: str | int, values: Values, *, generations: Generations = None) -> Call:
    """State which values get_artifact returns at pointers into the artifact's record (`path`).

    `of` is the tail of the step's id in the sample's first run, or the index of a job in its first
    experiment.
    """

    def facts(sample: Sample) -> list[Fact]:
        ref = _ref(sample, of)
        return [
            Fact(
                tool="get_artifact",
                arguments={"artifact_id": ref.id, "operation": ref.operation, "path": pointer},
                path="/value",
                value=value,
                generations=generations or _readable(ref),
            )
            for pointer, value in values.items()
        ]

    return facts


def _ref(sample: Sample, of: str | int) -> SampleRef:
    if isinstance(of, int):
        ref = sample.experiments[0].jobs[of].artifact
    else:
        step_id = StepId(of).of(sample)
        steps = resolve(sample.runs[0].steps)
        ref = next(step.artifact for step in steps if step.step_id == step_id)
    assert ref is not None, (sample.name, of)
    return ref


def _readable(ref: SampleRef) -> Generations:
    # Extractions have had an endpoint all along, the other primitives since g2a; evaluations and
    # invocations are records only since g2b.
    if ref.operation == "extraction":
        return None
    return FROM_G2A if ref.operation in _PRIMITIVES else FROM_G2B


def trace_value(
    step_id: str | StepId, path: str, values: Values, *, generations: Generations = None
) -> Call:
    """Return facts about where the value at `path` of a step came from."""
    return _call(
        "trace_value",
        lambda _: {"run_id": RunId(0), "step_id": step_id, "path": path},
        values,
        generations,
    )


def compare_runs(values: Values, *, run: int, other: int, generations: Generations = None) -> Call:
    """State what compare_runs answers about two of the sample's runs, by index."""
    return _call(
        "compare_runs",
        lambda _: {"run_id": RunId(run), "other_run_id": RunId(other)},
        values,
        generations,
    )


def search_run(query: str, values: Values, *, run: int) -> Call:
    """State what search_run answers for a text."""
    return _call("search_run", lambda _: {"run_id": RunId(run), "query": query}, values)


def get_eval_run(run: int, values: Values) -> Call:
    """State what get_eval_run answers about the sample's eval run at an index."""
    return _call(
        "get_eval_run",
        lambda sample: {"run_id": sample.eval_runs[run].id},
        values,
        GENERATIONS[GENERATIONS.index("g2e") :],
    )


def find_failures(values: Values, *, generations: Generations = None, **arguments: Json) -> Call:
    """State what find_failures answers about the sample's workflow."""
    return _call(
        "find_failures",
        lambda sample: {"workflow_id": sample.runs[0].workflow_id, **arguments},
        values,
        generations,
    )


def list_runs(values: Values, *, generations: Generations = None, **arguments: Json) -> Call:
    """State what list_runs answers about the sample's workflow."""
    return _call(
        "list_runs",
        lambda sample: {"workflow_id": sample.runs[0].workflow_id, **arguments},
        values,
        generations,
    )


def get_experiment_job(job: int, values: Values, *, generations: Generations = None) -> Call:
    """State what get_experiment_job answers about the sample's job at an index."""

    def arguments(sample: Sample) -> dict[str, Any]:
        experiment = sample.experiments[0]
        return {
            "run_id": experiment.run_id,
            "document_id": experiment.jobs[job].document_id,
            "workflow_id": experiment.workflow_id,
            "experiment_id": experiment.id,
        }

    return _call("get_experiment_job", arguments, values, generations)


def get_experiment_run(values: Values, *, run: int = 0, **more: Json) -> Call:
    """State what get_experiment_run answers about the sample's experiment run at an index."""

    def arguments(sample: Sample) -> dict[str, Any]:
        experiment = sample.experiments[run]
        return {
            "run_id": experiment.run_id,
            "workflow_id": experiment.workflow_id,
            "experiment_id": experiment.id,
            **more,
        }

    return _call("get_experiment_run", arguments, values)
