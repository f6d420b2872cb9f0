"""Build labelled runs: a workflow in a few lines, a run step by step, and its label."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from retab_mcp.sandbox.builder.graph import Workflow, document, edges
from retab_mcp.sandbox.builder.run import RunBuilder
from retab_mcp.sandbox.records import (
    Json,
    Sample,
    SampleBlock,
    SampleEdge,
    SampleFailure,
    SampleRun,
    SampleStep,
)

CREATED_AT = "2026-09-02T06:30:00Z"
CURRENT = ("g3",)
# For runs that every generation of the API describes alike.
EVERY_SHAPE = ("g1", "g2b", "g2c", "g2e", "g3")


@dataclass(frozen=True, kw_only=True)
class Label:
    """What the first answer about a run must say.

    Of a run that failed, waits or was cancelled: `kind` of the failure, `step_id` of its cause
    (None where no step is), and `downstream`, how many steps failed or never ran because of it.
    Of a completed run: `kind` of the worst finding, and `step_id` of the step that it is about.
    """

    kind: str
    step_id: str | None
    downstream: int = 0


def verdict(answer: Json) -> Label:
    """Return what an answer of get_run (decoded JSON) says, in the form of a label."""
    cause, findings = answer.get("cause"), answer.get("findings")
    if cause:
        downstream = answer.get("downstream", {}).get("count", 0)
        return Label(kind=cause["kind"], step_id=_full_id(answer, cause), downstream=downstream)
    if findings:
        return Label(kind=findings[0]["kind"], step_id=_full_id(answer, findings[0]))
    return Label(kind="nothing", step_id=None)


def _full_id(answer: dict[str, Any], named: dict[str, Any]) -> str | None:
    """Return the id of the step that a part of an answer names, with the run's id in front."""
    step_id: str | None = named.get("step_id")
    run_id = answer.get("run_id")
    if step_id is None or run_id is None or step_id.startswith(run_id):
        return step_id
    return f"{run_id}_{step_id}"


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A failing or wrong run and its label, which holds in `generations`."""

    name: str
    title: str
    run: SampleRun
    label: Label
    generations: tuple[str, ...] = CURRENT

    @property
    def misleads(self) -> bool:
        """Return whether the run failed and its failing_step_id is null or that of another step."""
        return self.run.status == "error" and self.run.failing_step_id != self.label.step_id

    @property
    def sample(self) -> Sample:
        """Return the scenario as a sample that the sandbox serves."""
        return Sample(name=self.name, title=self.title, runs=(self.run,))


class LabelledRun(RunBuilder):
    """Build a run of its own workflow, step by step, and end it with a label."""

    def __init__(
        self,
        name: str,
        title: str,
        blocks: Sequence[SampleBlock],
        *paths: str,
        extra: Sequence[SampleEdge] = (),
    ) -> None:
        """Take the graph as blocks and paths (see `builder.graph.edges`); `extra` edges come first."""
        slug = f"labelled-{name}"
        heading = name.replace("-", " ").capitalize()
        graph = (*extra, *edges(blocks, *paths, taken=extra))
        super().__init__(
            f"labelled {name}", Workflow(slug, heading, tuple(blocks), graph), CREATED_AT
        )
        self.name = name
        self.title = title
        self.stored = document(f"{name}.pdf")

    def ended_in_error(
        self,
        kind: str,
        cause: SampleStep | None,
        downstream: int = 0,
        *,
        hint: SampleStep | str | None,
        message: str | None = None,
        generations: tuple[str, ...] = CURRENT,
        **fields: Any,
    ) -> Scenario:
        """End in an error whose failing_step_id is that of `hint` (a step, or an id as it is).

        The run says what the step of the hint, or else of the cause, says; `message` is for one
        with a message of its own.
        """
        named = hint if isinstance(hint, SampleStep) else cause
        failure = SampleFailure(message=message) if message is not None else None
        if failure is None and named is not None:
            failure = named.failure
        run = self.run(
            "error",
            self.now + 0.2,
            failure=failure,
            failing_step_id=hint.step_id if isinstance(hint, SampleStep) else hint,
            **fields,
        )
        step_id = cause.step_id if cause is not None else None
        return self._labelled(
            run, Label(kind=kind, step_id=step_id, downstream=downstream), generations
        )

    def completed(
        self,
        kind: str,
        step: SampleStep,
        *,
        generations: tuple[str, ...] = CURRENT,
        **fields: Any,
    ) -> Scenario:
        """End without an error, with a finding of this kind at this step as the label."""
        run = self.run("completed", self.now + 0.2, **fields)
        return self._labelled(run, Label(kind=kind, step_id=step.step_id), generations)

    def stopped(
        self,
        status: str,
        kind: str,
        step: SampleStep,
        downstream: int = 0,
        *,
        generations: tuple[str, ...] = CURRENT,
        **fields: Any,
    ) -> Scenario:
        """Return the run, ended or halted in a status other than completed or error, at this step."""
        seconds = None if status == "awaiting_review" else self.now + 0.2
        run = self.run(status, seconds, **fields)
        return self._labelled(
            run, Label(kind=kind, step_id=step.step_id, downstream=downstream), generations
        )

    def _labelled(self, run: SampleRun, label: Label, generations: tuple[str, ...]) -> Scenario:
        return Scenario(
            name=self.name, title=self.title, run=run, label=label, generations=generations
        )
