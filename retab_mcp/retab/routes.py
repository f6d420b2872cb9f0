"""The allow-list of routes of the Retab API, and the paths built from them.

Restricting requests to GET is not enough: `GET /v1/secrets/{name}/value` returns a secret in
clear. No route outside this list is ever requested.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, unquote

from retab_mcp.models import ErrorKind, Operation
from retab_mcp.retab.errors import RetabError

# Retab's ids have about 30 characters; block ids can be named by users.
MAX_ID_CHARS = 256

# No genuine id is percent-encoded more often than this.
_MAX_DECODINGS = 4

_PARAMETER = "{"


@dataclass(frozen=True)
class Route:
    """A path of the API: `noun` names what it returns, for error messages.

    `template` has the names of its ids in braces, as `build_path` takes them.
    """

    noun: str
    template: str

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """Return the parts of the template between its slashes."""
        return tuple(self.template.split("/"))

    @cached_property
    def id_names(self) -> frozenset[str]:
        """Return the names in braces."""
        return frozenset(part[1:-1] for part in self.segments if part.startswith(_PARAMETER))


_allowed: list[Route] = []


def _allow(noun: str, template: str) -> Route:
    """Add a route to the allow-list."""
    route = Route(noun, template)
    _allowed.append(route)
    return route


# Runs: the same two paths in every generation.
RUNS = _allow("runs", "/v1/workflows/runs")
RUN = _allow("run", "/v1/workflows/runs/{run_id}")

# Steps: nested under the run until May 2026, flat since.
RUN_STEPS = _allow("steps of the run", "/v1/workflows/runs/{run_id}/steps")
RUN_STEP = _allow("step of the run", "/v1/workflows/runs/{run_id}/steps/{step_id}")
STEPS = _allow("steps", "/v1/workflows/steps")
STEP = _allow("step", "/v1/workflows/steps/{step_id}")

# Artifacts: by operation and id in May 2026, by id alone since; before, the primitives only.
ARTIFACTS = _allow("artifacts", "/v1/workflows/artifacts")
ARTIFACT = _allow("artifact", "/v1/workflows/artifacts/{artifact_id}")
ARTIFACT_BY_OPERATION = _allow("artifact", "/v1/workflows/artifacts/{operation}/{artifact_id}")


@dataclass(frozen=True)
class OperationRoute:
    """How artifacts of one operation are found.

    `id_prefixes` are the beginnings of their ids, newest first. `route` is the route of their
    own, for operations that have one. `older_names` are earlier words for the operation.
    """

    id_prefixes: tuple[str, ...] = ()
    route: Route | None = None
    older_names: tuple[str, ...] = ()


# No source documents the id prefixes of while-loop terminations and API calls.
OPERATIONS: Mapping[Operation, OperationRoute] = {
    Operation.EXTRACTION: OperationRoute(
        ("extr_", "ext_"), _allow("extraction", "/v1/extractions/{artifact_id}")
    ),
    Operation.SPLIT: OperationRoute(("splt_", "spl_"), _allow("split", "/v1/splits/{artifact_id}")),
    Operation.CLASSIFICATION: OperationRoute(
        ("clss_",), _allow("classification", "/v1/classifications/{artifact_id}")
    ),
    Operation.PARSE: OperationRoute(("prs_",), _allow("parse", "/v1/parses/{artifact_id}")),
    Operation.EDIT: OperationRoute(("edt_",), _allow("edit", "/v1/edits/{artifact_id}")),
    Operation.PARTITION: OperationRoute(
        ("prtn_", "prt_"), _allow("partition", "/v1/partitions/{artifact_id}")
    ),
    Operation.CONDITIONAL_EVALUATION: OperationRoute(("ceval_",)),
    Operation.REVIEW_TRIGGER_EVALUATION: OperationRoute(
        ("heval_",), older_names=("hil_evaluation",)
    ),
    Operation.WHILE_LOOP_TERMINATION: OperationRoute(),
    Operation.API_CALL_INVOCATION: OperationRoute(),
    Operation.FUNCTION_INVOCATION: OperationRoute(("fninv_", "func_")),
}

# Where an extraction found its values. A POST on this path starts billed work.
EXTRACTION_SOURCES = _allow("sources of the extraction", "/v1/extractions/{artifact_id}/sources")

# Experiments: under their workflow until 2026-05-18, results under their run for three days, flat
# since.
_NESTED_EXPERIMENT = "/v1/workflows/{workflow_id}/experiments/{experiment_id}"
EXPERIMENT_RUNS_NESTED = _allow("experiment runs", f"{_NESTED_EXPERIMENT}/runs")
EXPERIMENT_CONTENT_NESTED = _allow("experiment content", f"{_NESTED_EXPERIMENT}/content")
EXPERIMENT_METRICS_NESTED = _allow("experiment metrics", f"{_NESTED_EXPERIMENT}/metrics")
EXPERIMENT_JOB_NESTED = _allow(
    "experiment job", f"{_NESTED_EXPERIMENT}/runs/{{run_id}}/documents/{{document_id}}"
)

EXPERIMENT_RUNS = _allow("experiment runs", "/v1/workflows/experiments/runs")
_EXPERIMENT_RUN = "/v1/workflows/experiments/runs/{run_id}"
EXPERIMENT_RUN = _allow("experiment run", _EXPERIMENT_RUN)
EXPERIMENT_RESULTS_OF_RUN = _allow("experiment results", f"{_EXPERIMENT_RUN}/results")
EXPERIMENT_RESULT_OF_RUN = _allow("experiment result", f"{_EXPERIMENT_RUN}/results/{{document_id}}")
EXPERIMENT_METRICS_OF_RUN = _allow("experiment metrics", f"{_EXPERIMENT_RUN}/metrics")

EXPERIMENTS = _allow("experiments", "/v1/workflows/experiments")
EXPERIMENTS_NESTED = _allow("experiments", "/v1/workflows/{workflow_id}/experiments")
EXPERIMENT = _allow("experiment", "/v1/workflows/experiments/{experiment_id}")
EXPERIMENT_RESULTS = _allow("experiment results", "/v1/workflows/experiments/results")
EXPERIMENT_RESULT = _allow("experiment result", "/v1/workflows/experiments/results/{result_id}")
EXPERIMENT_METRICS = _allow("experiment metrics", "/v1/workflows/experiments/metrics")

# Reviews: decisions of a block under its run until 18 May 2026, by run and block for the two days
# after 19 May, lists since.
RUN_DECISION = _allow("review decision", "/v1/workflows/runs/{run_id}/hil-decisions/{block_id}")
REVIEWS = _allow("reviews", "/v1/workflows/reviews")
REVIEW_VERSIONS = _allow("versions of the review", "/v1/workflows/reviews/versions")
REVIEW_OF_BLOCK = _allow("review", "/v1/workflows/reviews/{run_id}/{block_id}")

# Evals: called tests until 19 June 2026; results under their run for three days in May.
EVALS = _allow("evals", "/v1/workflows/evals")
EVAL_RUNS = _allow("eval runs", "/v1/workflows/evals/runs")
EVAL_RUN = _allow("eval run", "/v1/workflows/evals/runs/{run_id}")
EVAL_RESULTS = _allow("eval results", "/v1/workflows/evals/results")
TESTS = _allow("tests", "/v1/workflows/tests")
TEST_RUNS = _allow("test runs", "/v1/workflows/tests/runs")
TEST_RUN = _allow("test run", "/v1/workflows/tests/runs/{run_id}")
TEST_RESULTS = _allow("test results", "/v1/workflows/tests/results")
TEST_RESULTS_OF_RUN = _allow("test results", "/v1/workflows/tests/runs/{run_id}/results")

# The graph: versions since June 2026, entities before; blocks and edges flat since May 2026.
WORKFLOWS = _allow("workflows", "/v1/workflows")
WORKFLOW = _allow("workflow", "/v1/workflows/{workflow_id}")
WORKFLOW_VERSION = _allow("workflow version", "/v1/workflows/versions/{workflow_version_id}")
WORKFLOW_VERSIONS_DIFF = _allow("difference of versions", "/v1/workflows/versions/diff")
WORKFLOW_ENTITIES = _allow("graph of the workflow", "/v1/workflows/{workflow_id}/entities")
RUN_CONFIG = _allow("configuration of the run", "/v1/workflows/runs/{run_id}/config")
BLOCKS = _allow("blocks", "/v1/workflows/blocks")
EDGES = _allow("edges", "/v1/workflows/edges")

# Credits, since July 2026.
USAGE_PRIMITIVES = _allow("credits of the run", "/v1/usage/primitives")

AUTH_STATUS = _allow("state of the API key", "/v1/auth/status")

ROUTES: tuple[Route, ...] = tuple(_allowed)

# Paths that an id could spell in an allowed route ("export" as the id of a run), and the route
# that returns secrets. `build_path` refuses them.
NEVER_CALLED: tuple[Route, ...] = tuple(
    Route("", template)
    for template in (
        # Each operation with a route of its own also counts its records.
        *(
            f"{own.route.template.rpartition('/')[0]}/count"
            for own in OPERATIONS.values()
            if own.route is not None
        ),
        "/v1/secrets/{name}/value",
        "/v1/workflows/runs/counts",
        "/v1/workflows/runs/export",
        "/v1/workflows/runs/export-payload",
        "/v1/extractions/download",
        "/v1/extractions/fields",
        "/v1/edits/templates",
        "/v1/workflows/chat",
        "/v1/workflows/simulations",
        "/v1/workflows/versions",
        "/v1/workflows/reviews/{review_id}",
        "/v1/workflows/{workflow_id}/blocks",
        "/v1/workflows/{workflow_id}/edges",
        _NESTED_EXPERIMENT,
        "/v1/workflows/reviews/versions/{version_id}",
        "/v1/workflows/{workflow_id}/experiments/eligible-blocks",
    )
)


def build_path(route: Route, ids: Mapping[str, str]) -> str:
    """Return the path of `route` with `ids` percent-encoded in it, without base URL and query.

    Raises RetabError (invalid_argument) for an id that is blank, over 256 characters long, `.`
    or `..`, that contains a slash, backslash or control character, even percent-encoded, or that
    would turn the path into another route. Raises ValueError when the names of `ids` are not
    those in the route.
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
            ErrorKind.INVALID_ARGUMENT, f"{names} is a reserved word of the Retab API, not an id."
        )
    return path


def find_route(path: str) -> Route | None:
    """Return the allowed route that a percent-encoded `path` matches, None when none does.

    As on the server, a literal segment takes precedence over a name in braces.
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
            f"{name} is longer than {MAX_ID_CHARS} characters, which no id is.",
        )
    # A proxy may decode once more than it should, so every decoded form of the id is checked.
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
        return "contains a slash, which no id does"
    if any(unicodedata.category(char) in {"Cc", "Cs"} for char in value):
        return "contains a control character, which no id does"
    return None
