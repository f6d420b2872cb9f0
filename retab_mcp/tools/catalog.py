"""The tools of the server, in the order in which they are listed."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from mcp.types import ToolAnnotations

from retab_mcp.tools.answer import Answer
from retab_mcp.tools.compare_runs import DESCRIPTION as COMPARE_RUNS
from retab_mcp.tools.compare_runs import CompareRunsAnswer, compare_runs
from retab_mcp.tools.find_failures import DESCRIPTION as FIND_FAILURES
from retab_mcp.tools.find_failures import FindFailuresAnswer, find_failures
from retab_mcp.tools.get_artifact import DESCRIPTION as GET_ARTIFACT
from retab_mcp.tools.get_artifact import GetArtifactAnswer, get_artifact
from retab_mcp.tools.get_experiment_job import DESCRIPTION as GET_EXPERIMENT_JOB
from retab_mcp.tools.get_experiment_job import GetExperimentJobAnswer, get_experiment_job
from retab_mcp.tools.get_experiment_run import DESCRIPTION as GET_EXPERIMENT_RUN
from retab_mcp.tools.get_experiment_run import GetExperimentRunAnswer, get_experiment_run
from retab_mcp.tools.get_run import DESCRIPTION as GET_RUN
from retab_mcp.tools.get_run import GetRunAnswer, get_run
from retab_mcp.tools.get_step import DESCRIPTION as GET_STEP
from retab_mcp.tools.get_step import GetStepAnswer, get_step
from retab_mcp.tools.list_runs import DESCRIPTION as LIST_RUNS
from retab_mcp.tools.list_runs import ListRunsAnswer, list_runs
from retab_mcp.tools.list_steps import DESCRIPTION as LIST_STEPS
from retab_mcp.tools.list_steps import ListStepsAnswer, list_steps
from retab_mcp.tools.search_run import DESCRIPTION as SEARCH_RUN
from retab_mcp.tools.search_run import SearchRunAnswer, search_run

# All tools read only, end the same way when called twice, and speak to a server that others
# change meanwhile.
_READ_ONLY = {
    "read_only_hint": True,
    "destructive_hint": False,
    "idempotent_hint": True,
    "open_world_hint": True,
}


@dataclass(frozen=True)
class ToolSpec:
    """A tool: its words for the assistant and the function that answers.

    `function` takes the inspector of the call and the tool's arguments by name; its signature
    is the input schema. `answer` is the model of its answers.
    """

    name: str
    title: str
    description: str
    function: Callable[..., Awaitable[Answer]]
    answer: type[Answer]

    @property
    def annotations(self) -> ToolAnnotations:
        """The four hints, all set: some hosts block a tool that leaves one open."""
        return ToolAnnotations(**_READ_ONLY)

    def input_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the SDK's schema of the arguments without the titles, which only cost tokens."""
        properties = {
            name: {key: value for key, value in prop.items() if key != "title"}
            for name, prop in schema.get("properties", {}).items()
        }
        return {key: value for key, value in schema.items() if key not in {"title", "$defs"}} | {
            "properties": properties
        }

    def output_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the answers, as they are written (empty fields left out)."""
        return self.answer.model_json_schema(mode="validation")


TOOLS = (
    ToolSpec("get_run", "Why a run ended as it did", GET_RUN, get_run, GetRunAnswer),
    ToolSpec("list_steps", "Steps of a run", LIST_STEPS, list_steps, ListStepsAnswer),
    ToolSpec("get_step", "One step of a run", GET_STEP, get_step, GetStepAnswer),
    ToolSpec(
        "get_experiment_job",
        "One document of an experiment",
        GET_EXPERIMENT_JOB,
        get_experiment_job,
        GetExperimentJobAnswer,
    ),
    ToolSpec("get_artifact", "What a step produced", GET_ARTIFACT, get_artifact, GetArtifactAnswer),
    ToolSpec("list_runs", "Runs", LIST_RUNS, list_runs, ListRunsAnswer),
    ToolSpec(
        "find_failures",
        "What goes wrong most",
        FIND_FAILURES,
        find_failures,
        FindFailuresAnswer,
    ),
    ToolSpec(
        "get_experiment_run",
        "Documents of an experiment run",
        GET_EXPERIMENT_RUN,
        get_experiment_run,
        GetExperimentRunAnswer,
    ),
    ToolSpec("compare_runs", "Two runs compared", COMPARE_RUNS, compare_runs, CompareRunsAnswer),
    ToolSpec("search_run", "Find a text in a run", SEARCH_RUN, search_run, SearchRunAnswer),
)
