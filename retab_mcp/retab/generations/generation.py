"""What one generation of the Retab API sends and serves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from retab_mcp.models import Json

# What can be read by more than one route, and the routes (or families of routes) to it.
Resource: TypeAlias = Literal["steps", "artifact", "experiment_job", "graph"]
Family: TypeAlias = Literal[
    "flat", "nested", "by_id", "by_operation", "primitive", "result_of_run", "version", "run_config"
]

# What renamed things belong to: a kind of object, or the filters and statuses of the list of runs.
WireRecord: TypeAlias = Literal[
    "record",
    "run",
    "run_filter",
    "run_status",
    "workflow",
    "timing",
    "lifecycle",
    "block",
    "document",
    "artifact",
    "extraction",
    "edit",
    "classification_consensus",
    "evaluation",
    "review",
]

_NO_FIELDS: Mapping[str, Json] = {}


@dataclass(frozen=True, kw_only=True, eq=False)
class Generation:
    """One generation of the API, described by what differs from the others.

    `name` is for people and logs. `recognizes` says whether a run has this generation's shape;
    generations are asked newest first.

    `families` are the routes to each resource that this generation serves, the best first.
    The flags say what its lists can do: `step_cursors`, name a cursor on each page but the last;
    `steps_by_workflow`, filter steps by workflow; `artifact_list` and `artifact_pages`, list the
    artifacts of a run, and in pages; `review_list` and `reviews_by_run`, list reviews, and filter
    them by run; `usage`, report the credits of a run.

    `older_names` are the names that differ from those of the current generation: its own name to
    the current name, by what they are names of.
    """

    name: str
    recognizes: Callable[[Mapping[str, Json]], bool]
    families: Mapping[Resource, tuple[Family, ...]]
    step_cursors: bool = True
    steps_by_workflow: bool = True
    artifact_list: bool = True
    artifact_pages: bool = True
    review_list: bool = True
    reviews_by_run: bool = True
    usage: bool = True
    older_names: Mapping[WireRecord, Mapping[str, str]] = field(default_factory=dict)

    @property
    def flat_steps(self) -> bool:
        """Return whether steps have routes of their own.

        Their list then filters by status and block, and both the list and the route of a single
        step return every field. The older nested routes do neither.
        """
        return self.families["steps"][0] == "flat"


def part(row: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    """Return the object in a field; anything else reads as empty."""
    value = row.get(name)
    return value if isinstance(value, dict) else _NO_FIELDS


def status_is_kind(run: Mapping[str, Json]) -> bool:
    """Return whether the lifecycle of a run names its status `kind` (10 to 13 May 2026)."""
    lifecycle = part(run, "lifecycle")
    return "kind" in lifecycle and "status" not in lifecycle
