"""The branches that hung on a field: conditions that read it, and the steps that they skipped."""

from collections.abc import Iterator

from retab_mcp.analysis.condition_words import outcome_words
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.analysis.findings.step_outcomes import skipped_by_choice
from retab_mcp.analysis.lineage.dependencies import GraphDependencies, starts_before
from retab_mcp.analysis.payloads.field_pairs import bare_name
from retab_mcp.analysis.values.json_types import as_dicts, as_text
from retab_mcp.models import Json, Status, StepSummary

# Skipped steps named in a sentence.
MAX_NAMED = 2
# What comes before the names of skipped steps.
SKIPPED = ", skipped "


def follows(step: StepSummary, earlier: StepSummary, graph: GraphDependencies | None) -> bool:
    """Return whether a step came after another one, by the graph or else in time."""
    if step.step_id == earlier.step_id:
        return False
    if graph is not None and graph.knows(step) and graph.knows(earlier):
        return graph.depends(step, earlier)
    return not starts_before(step, earlier)


class Branches:
    """The conditions of a run whose evaluations are known."""

    def __init__(self, facts: RunFacts, graph: GraphDependencies | None) -> None:
        self._graph = graph
        self._skipped = [
            step
            for step in facts.steps
            if step.status == Status.SKIPPED and skipped_by_choice(step)
        ]
        self._deciding = [
            (step, list(_conditions(artifact.data.get("evaluations"))))
            for step in facts.steps
            if (artifact := facts.artifacts.get(step.step_id)) is not None
            and step.status == Status.COMPLETED
        ]
        self._deciding = [entry for entry in self._deciding if entry[1]]

    def on(self, fields: frozenset[str], source: StepSummary) -> Iterator[tuple[str | None, str]]:
        """Yield step id and sentence of each step after `source` with a condition on a field.

        `fields` are bare names.
        """
        for step, conditions in self._deciding:
            if not follows(step, source, self._graph):
                continue
            for condition in conditions:
                if bare_name(_field(condition)) in fields:
                    said = f"{step.block_id}: {outcome_words(condition)}{self._skipped_by(step)}"
                    yield step.step_id, said
                    break

    def _skipped_by(self, step: StepSummary) -> str:
        """Name the steps that were skipped after a decision, "" where they are not known."""
        if self._graph is None and len(self._deciding) > 1:
            return ""
        skipped = [one for one in self._skipped if follows(one, step, self._graph)]
        names = list(dict.fromkeys(one.block_id for one in skipped))
        more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
        return f"{SKIPPED}{', '.join(names[:MAX_NAMED])}{more}" if names else ""


def _conditions(evaluations: Json) -> Iterator[dict[str, Json]]:
    for evaluation in as_dicts(evaluations):
        yield from as_dicts(evaluation.get("sub_evaluations")) or [evaluation]


def _field(condition: dict[str, Json]) -> str:
    return as_text(condition.get("path")).rpartition(".")[2]
