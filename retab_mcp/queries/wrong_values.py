"""What went wrong before a failure: values that completed steps changed or lost."""

import re
from collections.abc import Sequence
from functools import partial

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings import VALUE_RULES, worst_first
from retab_mcp.analysis.findings.across import payload_priority
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.analysis.lineage.dependencies import starts_before
from retab_mcp.analysis.payloads.field_pairs import bare_name
from retab_mcp.digest.compact import compact_json
from retab_mcp.models import FindingKind, Graph, Status, StepSummary
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.needed_payloads import NeededPayloads
from retab_mcp.queries.open_payloads import open_payloads
from retab_mcp.queries.over_steps import over_steps
from retab_mcp.queries.run_facts import Explanation

# Bytes of payloads opened before the failed step: that of the failure itself matters more.
MAX_OPENED_BYTES = 1_000_000
MAX_FINDINGS = 3
# Payloads by priority: of merges, loops and functions outside loops.
_LAST_PRIORITY = 1
_WORD = re.compile(r"[^\W\d][\w-]*")
# The evidence that names all fields, whether they were refused or not.
_SENT = "request_body"
# Words of every error, which name no field.
_OF_ERRORS = frozenset({"error", "errors", "message", "status", "code", "detail", "type", "body"})


async def wrong_values(
    inspector: Inspector, found: Explanation, graph: Graph | None
) -> tuple[Finding, ...]:
    """Return findings about values that the failure is about, worst first.

    A field must be named in the error, its evidence or the suspicious inputs. A loop without some
    of its items must feed the failed step.
    """
    cause = found.cause
    root = cause.step if cause else None
    if cause is None or root is None or root.status != Status.ERROR:
        return ()
    steps = found.read.steps
    wanted = await over_steps(steps, partial(_before, root, steps))
    if not wanted:
        return ()
    suspicious = [one.path for one in found.suspicious.first] if found.suspicious else []
    evidence = {key: value for key, value in cause.evidence.items() if key != _SENT}
    named = _names_in([cause.message, compact_json(evidence), *suspicious])
    needed = NeededPayloads(steps, named)
    opened = await open_payloads(inspector, found.run, wanted, MAX_OPENED_BYTES, needed)
    facts = RunFacts(steps, payloads=opened.payloads, graph=graph, complete=found.read.complete)
    feeding = {step.block_id for step in found.inputs_from.values()}
    doubtful = await over_steps(steps, partial(_doubtful, facts))
    kept = [
        one
        for one in doubtful
        if (
            one.block_id in feeding
            if one.kind == FindingKind.LOOP_INCOMPLETE
            else bare_name(one.field) in named
        )
    ]
    return tuple(worst_first(kept)[:MAX_FINDINGS])


def _before(root: StepSummary, steps: Sequence[StepSummary]) -> list[StepSummary]:
    """Return the merges, loops and functions that may have run before the failed step."""
    return [
        step
        for step in steps
        if step.step_id != root.step_id
        and not starts_before(root, step)
        and payload_priority(step) <= _LAST_PRIORITY
    ]


def _doubtful(facts: RunFacts) -> list[Finding]:
    return [one for rule in VALUE_RULES for one in rule(facts)]


def _names_in(texts: Sequence[str]) -> frozenset[str]:
    """Return the words in texts as bare names."""
    return frozenset(bare_name(word) for text in texts for word in _WORD.findall(text)) - _OF_ERRORS
