"""The findings of a run, grouped by kind and block."""

from collections.abc import Sequence

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.step_ids import short_step_id
from retab_mcp.answers.common.answer import Part
from retab_mcp.digest.text import clip
from retab_mcp.models import Run

# Estimated tokens of the message of one finding.
FINDING_BUDGET = 60
# Estimated tokens of one consequence, and how many a finding shows.
CONSEQUENCE_BUDGET = 30
MAX_CONSEQUENCES = 3


class FindingPart(Part):
    """A finding about `count` steps of a block; `step_id` is the first of them.

    `paths` are pointers into the record of the artifact, or of the step where they begin with its
    handles; `leads_to` says what followed from it in other steps, `origin`
    where the document has the value.
    """

    kind: str
    message: str
    step_id: str | None = None
    block_id: str | None = None
    count: int | None = None
    artifact_id: str | None = None
    leads_to: list[str] = []
    paths: list[str] = []
    reason: str | None = None
    origin: str | None = None
    suggestion: str | None = None


def finding_groups(findings: Sequence[Finding], run: Run) -> list[FindingPart]:
    """Return the findings, grouped by kind and block, worst first."""
    groups: dict[tuple[str, str | None], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.kind, finding.block_id), []).append(finding)
    return [_finding(group, run) for group in groups.values()]


def _reason(one: Finding) -> str | None:
    """Return the field that shows a finding, None where the paths lead to it."""
    is_reference = one.reason.startswith("review ")
    return one.reason if is_reference or not one.paths else None


def _finding(group: list[Finding], run: Run) -> FindingPart:
    first = group[0]
    followed = dict.fromkeys(sentence for one in group for sentence in one.leads_to)
    step_id = short_step_id(first.step_id, run.id) if first.step_id else None
    return FindingPart(
        kind=first.kind,
        message=clip(first.message, FINDING_BUDGET),
        step_id=step_id,
        block_id=first.block_id if first.block_id != step_id else None,
        count=len(group) if len(group) > 1 else None,
        artifact_id=first.artifact_id,
        leads_to=[clip(sentence, CONSEQUENCE_BUDGET) for sentence in followed][:MAX_CONSEQUENCES],
        paths=list(first.paths),
        reason=_reason(first),
        origin=first.origin,
        suggestion=first.suggestion,
    )
