"""Every address of the Retab API that this server may call, and how an id gets into one.

The list is the safety: the API has a GET that answers with a secret in clear
(`/v1/secrets/{name}/value`), so that reading only is not enough of a limit.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, unquote

from retab_mcp.models import ErrorKind, Operation
from retab_mcp.retab.errors import RetabError

# Far longer than any id of Retab's (about 30); ids written by people (of blocks) are words.
MAX_ID_CHARS = 256

# An id percent-encoded more often than this is an attempt at something.
_MAX_DECODINGS = 4

_PARAMETER = "{"


@dataclass(frozen=True)
class Route:
    """One address: `noun` says in words what it answers with, `template` is its path.

    The names in braces in the template are the ids that `build_path` wants.
    """

    noun: str
    template: str

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """The parts of the template between its slashes."""
        return tuple(self.template.split("/"))

    @cached_property
    def id_names(self) -> frozenset[str]:
        """The names in braces."""
        return frozenset(part[1:-1] for part in self.segments if part.startswith(_PARAMETER))


# Runs: the same two paths in every generation.
RUNS = Route("runs", "/v1/workflows/runs")
RUN = Route("run", "/v1/workflows/runs/{run_id}")

# Steps: nested under the run until May 2026, flat since.
RUN_STEPS = Route("steps of the run", "/v1/workflows/runs/{run_id}/steps")
RUN_STEP = Route("step of the run", "/v1/workflows/runs/{run_id}/steps/{step_id}")
STEPS = Route("steps", "/v1/workflows/steps")
STEP = Route("step", "/v1/workflows/steps/{step_id}")

# Artifacts: by operation and id in May 2026, by id alone since; before, the primitives only.
ARTIFACTS = Route("artifacts", "/v1/workflows/artifacts")
ARTIFACT = Route("artifact", "/v1/workflows/artifacts/{artifact_id}")
ARTIFACT_BY_OPERATION = Route("artifact", "/v1/workflows/artifacts/{operation}/{artifact_id}")

EXTRACTION = Route("extraction", "/v1/extractions/{artifact_id}")
SPLIT = Route("split", "/v1/splits/{artifact_id}")
CLASSIFICATION = Route("classification", "/v1/classifications/{artifact_id}")
PARSE = Route("parse", "/v1/parses/{artifact_id}")
EDIT = Route("edit", "/v1/edits/{artifact_id}")
PARTITION = Route("partition", "/v1/partitions/{artifact_id}")

# The primitive's own endpoint by the operation that an artifact ref names.
PRIMITIVES: dict[str, Route] = {
    Operation.EXTRACTION: EXTRACTION,
    Operation.SPLIT: SPLIT,
    Operation.CLASSIFICATION: CLASSIFICATION,
    Operation.PARSE: PARSE,
    Operation.EDIT: EDIT,
    Operation.PARTITION: PARTITION,
}

# Experiments: under their workflow until 2026-05-18, results under their run for three days, flat
# since.
_NESTED_EXPERIMENT = "/v1/workflows/{workflow_id}/experiments/{experiment_id}"
EXPERIMENT_RUNS_NESTED = Route("experiment runs", f"{_NESTED_EXPERIMENT}/runs")
EXPERIMENT_CONTENT_NESTED = Route("experiment content", f"{_NESTED_EXPERIMENT}/content")
EXPERIMENT_METRICS_NESTED = Route("experiment metrics", f"{_NESTED_EXPERIMENT}/metrics")
EXPERIMENT_JOB_NESTED = Route(
    "experiment job", f"{_NESTED_EXPERIMENT}/runs/{{run_id}}/documents/{{document_id}}"
)

_EXPERIMENT_RUN = "/v1/workflows/experiments/runs/{run_id}"
EXPERIMENT_RUN = Route("experiment run", _EXPERIMENT_RUN)
EXPERIMENT_RESULTS_OF_RUN = Route("experiment results", f"{_EXPERIMENT_RUN}/results")
EXPERIMENT_RESULT_OF_RUN = Route("experiment result", f"{_EXPERIMENT_RUN}/results/{{document_id}}")
EXPERIMENT_METRICS_OF_RUN = Route("experiment metrics", f"{_EXPERIMENT_RUN}/metrics")

EXPERIMENT = Route("experiment", "/v1/workflows/experiments/{experiment_id}")
EXPERIMENT_RESULTS = Route("experiment results", "/v1/workflows/experiments/results")
EXPERIMENT_RESULT = Route("experiment result", "/v1/workflows/experiments/results/{result_id}")
EXPERIMENT_METRICS = Route("experiment metrics", "/v1/workflows/experiments/metrics")

# Reviews: listed; by run and block for two days in May 2026.
REVIEWS = Route("reviews", "/v1/workflows/reviews")
REVIEW_OF_BLOCK = Route("review", "/v1/workflows/reviews/{run_id}/{block_id}")

# The graph: versions since June 2026, entities before; blocks and edges flat since May 2026.
WORKFLOW = Route("workflow", "/v1/workflows/{workflow_id}")
WORKFLOW_VERSION = Route("workflow version", "/v1/workflows/versions/{workflow_version_id}")
WORKFLOW_VERSIONS_DIFF = Route("difference of versions", "/v1/workflows/versions/diff")
WORKFLOW_ENTITIES = Route("graph of the workflow", "/v1/workflows/{workflow_id}/entities")
RUN_CONFIG = Route("configuration of the run", "/v1/workflows/runs/{run_id}/config")
BLOCKS = Route("blocks", "/v1/workflows/blocks")
EDGES = Route("edges", "/v1/workflows/edges")

AUTH_STATUS = Route("state of the API key", "/v1/auth/status")

ROUTES: tuple[Route, ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, Route)
)

# Addresses of the vendor's that an id could spell where one of ours takes any word ("export" as
# the id of a run), and the one that must never be reached. No request is ever made to them.
NEVER_CALLED: tuple[Route, ...] = tuple(
    Route("", template)
    for template in (
        "/v1/secrets/{name}/value",
        "/v1/workflows/runs/counts",
        "/v1/workflows/runs/export",
        "/v1/workflows/runs/export-payload",
        "/v1/extractions/count",
        "/v1/extractions/download",
        "/v1/extractions/fields",
        "/v1/splits/count",
        "/v1/classifications/count",
        "/v1/parses/count",
        "/v1/edits/count",
        "/v1/partitions/count",
        "/v1/edits/templates",
        "/v1/workflows/chat",
        "/v1/workflows/evals",
        "/v1/workflows/tests",
        "/v1/workflows/simulations",
        "/v1/workflows/experiments",
        "/v1/workflows/experiments/runs",
        "/v1/workflows/versions",
        "/v1/workflows/reviews/{review_id}",
        "/v1/workflows/{workflow_id}/blocks",
        "/v1/workflows/{workflow_id}/edges",
        _NESTED_EXPERIMENT,
        "/v1/workflows/reviews/versions",
        "/v1/workflows/reviews/versions/{version_id}",
        "/v1/workflows/{workflow_id}/experiments/eligible-blocks",
    )
)


def build_path(route: Route, ids: Mapping[str, str]) -> str:
    """The path of `route` with `ids` in it, percent-encoded, without base URL and query.

    Raises RetabError invalid_argument for an id that is blank, longer than 256 characters, `.`
    or `..`, or holds a slash, a backslash or a control character, also when it does so only after
    percent-decoding; and for one that would turn the path into another address of Retab's.
    Raises ValueError when `ids` are not those that the route names.
    """
    if ids.keys() != route.id_names:
        raise ValueError(f"{route.template} wants {sorted(route.id_names)}, not {sorted(ids)}")
    for name, value in ids.items():
        _check_id(name, value)
    encoded = {name: quote(value, safe="") for name, value in ids.items()}
    path = route.template.format_map(encoded)
    if find_route(path) is not route:
        names = ", ".join(sorted(ids))
        raise RetabError(
            ErrorKind.INVALID_ARGUMENT, f"{names}: a word of the API's own, not an id."
        )
    return path


def find_route(path: str) -> Route | None:
    """The route of ours that a percent-encoded `path` leads to, None when none does.

    As on the server, a fixed word in a template goes before a name in braces.
    """
    segments = path.split("/")
    matches = [route for route in (*ROUTES, *NEVER_CALLED) if _matches(route.segments, segments)]
    if not matches:
        return None
    best = min(matches, key=lambda route: [part.startswith(_PARAMETER) for part in route.segments])
    return best if best in ROUTES else None


def _matches(template: tuple[str, ...], segments: list[str]) -> bool:
    return len(template) == len(segments) and all(
        bool(segment) if part.startswith(_PARAMETER) else part == segment
        for part, segment in zip(template, segments, strict=True)
    )


def _check_id(name: str, value: str) -> None:
    if not value.strip():
        raise RetabError(ErrorKind.INVALID_ARGUMENT, f"{name} is empty.")
    if len(value) > MAX_ID_CHARS:
        raise RetabError(
            ErrorKind.INVALID_ARGUMENT,
            f"{name} is longer than {MAX_ID_CHARS} characters; no id is.",
        )
    # A proxy on the way may decode once more than it should, so that what an id holds is looked
    # at in every one of its decoded forms.
    for _ in range(_MAX_DECODINGS):
        reason = _refusal(value)
        if reason:
            raise RetabError(ErrorKind.INVALID_ARGUMENT, f"{name} {reason}.")
        decoded = unquote(value)
        if decoded == value:
            return
        value = decoded
    raise RetabError(ErrorKind.INVALID_ARGUMENT, f"{name} is percent-encoded too many times.")


def _refusal(value: str) -> str | None:
    if value in {".", ".."}:
        return "is a relative path, not an id"
    if "/" in value or "\\" in value:
        return "holds a slash, as no id does"
    if any(unicodedata.category(char) in {"Cc", "Cs"} for char in value):
        return "holds a control character, as no id does"
    return None
