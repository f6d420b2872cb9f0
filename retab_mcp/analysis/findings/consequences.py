"""Put cause before consequence: a finding that follows from another one becomes part of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings.branches import SKIPPED, Branches, follows
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.analysis.findings.step_outcomes import skipped_by_choice
from retab_mcp.analysis.lineage.dependencies import GraphDependencies
from retab_mcp.analysis.payloads.field_pairs import bare_name
from retab_mcp.models import FindingKind, StepSummary

# Kinds about a value, which steps further down receive.
_VALUES = frozenset(
    {
        FindingKind.VALUE_OVERWRITTEN,
        FindingKind.NUMBER_CHANGED,
        FindingKind.VALUE_LOST,
        FindingKind.TYPE_MISMATCH,
        FindingKind.REQUIRED_MISSING,
        FindingKind.OUTPUT_CHANGED,
        FindingKind.LOW_LIKELIHOOD,
        FindingKind.VOTES_DISAGREE,
    }
)
# Kinds about the choice of a branch.
_CHOICES = frozenset(
    {
        FindingKind.HIDDEN_CHARACTERS,
        FindingKind.CONDITION_KEY_ABSENT,
        FindingKind.CONDITION_TYPES_DIFFER,
        FindingKind.DEFAULT_BRANCH,
    }
)
# Types of blocks that decide which branch runs.
_DECIDING = frozenset({"conditional", "classifier", "split", "hil"})
# Kinds whose message says more with the graph.
_BY_GRAPH = frozenset({FindingKind.VALUE_OVERWRITTEN, FindingKind.LOOP_INCOMPLETE})
_STOPS = _CHOICES | {FindingKind.REVIEW_REJECTED}


def fold_consequences(found: Sequence[Finding], facts: RunFacts) -> list[Finding]:
    """Return findings in the order given, without those that follow from another of them.

    The cause says in `leads_to` what followed. Its place in the order is that of the worst finding
    of its chain. Steps of a branch that was not taken are no finding of their own: that is what
    conditions are for.
    """
    linker = _Linker(facts)
    causes = {at: linker.cause_of(one, found) for at, one in enumerate(found)}
    roots = {at: _root(at, causes) for at in range(len(found))}
    followers: dict[int, list[int]] = {}
    for at, root in roots.items():
        if root != at:
            followers.setdefault(root, []).append(at)
    folded = [
        linker.with_consequences(one, [found[follower] for follower in followers.get(at, ())])
        for at, one in enumerate(found)
        if roots[at] == at and not linker.is_plain_choice(one)
    ]
    return sorted(folded, key=lambda one: one.rank)


def graph_would_help(found: Sequence[Finding]) -> bool:
    """Return whether the executed graph says more about findings: sources, limits, causes."""
    kinds = {one.kind for one in found}
    return bool(kinds & _BY_GRAPH) or (bool(kinds & _VALUES) and len(found) > 1)


def _root(at: int, causes: dict[int, int | None]) -> int:
    """Return the first cause of a finding; itself where it has none, or causes form a circle."""
    seen = {at}
    found = at
    while (cause := causes[found]) is not None:
        if cause in seen:
            return at
        seen.add(cause)
        found = cause
    return found


class _Linker:
    """Finds which finding another one follows from."""

    def __init__(self, facts: RunFacts) -> None:
        self._steps = {step.step_id: step for step in facts.steps}
        graph = facts.graph
        self._graph = GraphDependencies(graph) if graph is not None and graph.edges else None
        self._has_choice = any(step.type in _DECIDING for step in facts.steps)
        self._branches = Branches(facts, self._graph)
        self._rules: tuple[Callable[[Finding, Finding], bool], ...] = (
            self._is_choice_by_value,
            self._is_skipped_by_choice,
            self._is_loop_without_failed,
            self._is_slow_by_retries,
        )

    def with_consequences(self, one: Finding, followers: Sequence[Finding]) -> Finding:
        """Return a finding with what followed from it, and with the branches that hung on it."""
        kinds = [one.kind, *(other.kind for other in followers)]
        step = self._step(one)
        hung: dict[str | None, str] = {}
        if one.kind in _VALUES and step is not None:
            hung = dict(self._branches.on(_fields(one), step))
        # Of a default branch, the condition with its values says more.
        followers = [
            other
            for other in followers
            if other.kind != FindingKind.DEFAULT_BRANCH or other.step_id not in hung
        ]
        for other in followers:
            hung.pop(other.step_id, None)
        named = any(SKIPPED in sentence for sentence in hung.values())
        sentences = [
            _sentence(other, one)
            for other in followers
            if other.kind != FindingKind.STEPS_SKIPPED or not named
        ]
        worst = min(kinds, key=lambda kind: kind.rank)
        leads_to = (*one.leads_to, *hung.values(), *dict.fromkeys(sentences))
        return replace(one, leads_to=leads_to, worst=worst) if leads_to else one

    def cause_of(self, one: Finding, found: Sequence[Finding]) -> int | None:
        """Return the place of the finding that `one` follows from, the worst of them."""
        for rule in self._rules:
            for at, other in enumerate(found):
                if other is not one and rule(one, other):
                    return at
        return None

    def is_plain_choice(self, one: Finding) -> bool:
        """Return whether a finding is about steps that a condition skipped."""
        step = self._steps.get(one.step_id or "")
        if one.kind != FindingKind.STEPS_SKIPPED or step is None:
            return False
        return self._has_choice and skipped_by_choice(step)

    def _is_choice_by_value(self, one: Finding, other: Finding) -> bool:
        """A condition chose by a field whose value is in doubt."""
        return (
            one.kind in _CHOICES
            and other.kind in _VALUES
            and bool(_fields(one) & _fields(other))
            and self._follows(one, other)
        )

    def _is_skipped_by_choice(self, one: Finding, other: Finding) -> bool:
        """Steps were skipped after a condition or a review decided."""
        if one.kind != FindingKind.STEPS_SKIPPED or other.kind not in _STOPS:
            return False
        return other.kind != FindingKind.HIDDEN_CHARACTERS or other.reason == "evaluations"

    def _is_loop_without_failed(self, one: Finding, other: Finding) -> bool:
        """A loop went on without the items that failed in it."""
        step = self._steps.get(other.step_id or "")
        return (
            one.kind == FindingKind.LOOP_INCOMPLETE
            and other.kind == FindingKind.FAILED_STEP
            and step is not None
            and any(at.container_id == one.block_id for at in step.loops)
        )

    def _is_slow_by_retries(self, one: Finding, other: Finding) -> bool:
        """A step was slow because it was tried more than once."""
        retried = (
            FindingKind.FAILED_ATTEMPTS,
            FindingKind.MAY_BE_DONE_TWICE,
            FindingKind.RETRIES,
        )
        same = one.step_id is not None and one.step_id == other.step_id
        return one.kind == FindingKind.SLOW_STEP and other.kind in retried and same

    def _follows(self, one: Finding, other: Finding) -> bool:
        """Return whether the step of `one` came after that of `other`."""
        step, earlier = self._step(one), self._step(other)
        return step is not None and earlier is not None and follows(step, earlier, self._graph)

    def _step(self, one: Finding) -> StepSummary | None:
        return self._steps.get(one.step_id or "")


def _sentence(one: Finding, cause: Finding) -> str:
    """Return the message of a consequence, with its block unless that is the one of the cause."""
    is_elsewhere = one.block_id is not None and one.block_id != cause.block_id
    return f"{one.block_id}: {one.message}" if is_elsewhere else one.message


def _fields(one: Finding) -> frozenset[str]:
    """Return the names of the fields that a finding is about, without case and separators."""
    if one.field:
        return frozenset({bare_name(one.field)})
    names = (name for path in one.paths for name in [path.rpartition("/")[2]])
    return frozenset(bare_name(name) for name in names if not name.isdigit())
