"""Keep what lists returned along with what was asked for, so that a call reads nothing twice."""

from collections.abc import Iterable
from datetime import datetime

from retab_mcp.models import Artifact, Step

# Steps are kept up to this many bytes of payload; a body stays in memory as long as one of them.
MAX_KEPT_BYTES = 64 * 1024 * 1024


class KeptRecords:
    """The steps with payloads and the artifacts that one call has read from lists.

    `listed_runs` are the ids of the runs whose lists of artifacts were read.
    """

    def __init__(self) -> None:
        """Begin empty."""
        # By run and step id, then by start: a server may record two steps under one id.
        self._steps: dict[tuple[str, str], dict[datetime | None, Step]] = {}
        self._artifacts: dict[str, Artifact] = {}
        self.listed_runs: set[str] = set()
        self._bytes = 0

    def keep_steps(self, steps: Iterable[Step]) -> None:
        """Keep the steps that have a payload, up to MAX_KEPT_BYTES."""
        for step in steps:
            if not step.payload.is_empty and not self.full:
                self._bytes += step.payload.sealed_bytes
                of_one_id = self._steps.setdefault((step.summary.run_id, step.summary.step_id), {})
                of_one_id[step.summary.started_at] = step

    @property
    def full(self) -> bool:
        """Return whether steps may have been left out for their size."""
        return self._bytes >= MAX_KEPT_BYTES

    def step(self, run_id: str, step_id: str, started_at: datetime | None = None) -> Step | None:
        """Return a step that is kept, None for any other.

        `started_at` decides between steps of one id; else it is the last that was kept.
        """
        of_one_id = self._steps.get((run_id, step_id))
        if of_one_id is None:
            return None
        return of_one_id.get(started_at) or list(of_one_id.values())[-1]

    def keep_artifact(self, artifact: Artifact) -> None:
        """Keep an artifact."""
        self._artifacts[artifact.id] = artifact

    def artifact(self, artifact_id: str) -> Artifact | None:
        """Return an artifact that is kept, None for any other."""
        return self._artifacts.get(artifact_id)
