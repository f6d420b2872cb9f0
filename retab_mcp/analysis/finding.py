"""A finding: something wrong or doubtful in a run that did not fail."""

from dataclasses import dataclass, replace

from retab_mcp.models import FindingKind, StepSummary


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubtful fact, in a sentence that contains the decisive value.

    `reason` names the field of the record that shows it. `step_id` and `block_id` are None while
    the step is not known, `paths` are pointers into the record of the step's artifact (which
    `artifact_id` names if the finding rests on it), or of the step itself where they begin with its
    handles. `field` is the name of the field in doubt, by which causes are matched with
    consequences ("": the last names in `paths`). `leads_to` are sentences about what
    followed, `worst` is the worst kind among that, None for its own. `origin` says where the
    document has the value, `suggestion` what to do where the kind does not say it.
    """

    kind: FindingKind
    message: str
    reason: str
    step_id: str | None = None
    block_id: str | None = None
    paths: tuple[str, ...] = ()
    field: str = ""
    leads_to: tuple[str, ...] = ()
    artifact_id: str | None = None
    worst: FindingKind | None = None
    origin: str | None = None
    suggestion: str | None = None

    @property
    def rank(self) -> int:
        """The severity of the finding and of what followed from it; 0 is the worst."""
        return min(self.kind.rank, (self.worst or self.kind).rank)

    def about(self, step: StepSummary) -> "Finding":
        """Return the same finding, as one about `step`."""
        return replace(self, step_id=step.step_id, block_id=step.block_id)

    def from_artifact(self, step: StepSummary) -> "Finding":
        """Return the same finding, as one that rests on the artifact of `step`.

        A record without an artifact to read it from (g1, g2a) has no pointers.
        """
        if step.artifact is None:
            return replace(self.about(step), paths=())
        return replace(self.about(step), artifact_id=step.artifact.id)
