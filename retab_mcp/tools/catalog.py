"""The tools of the server: what an assistant may ask, and in which words.

What answers is imported at the first call: a server that starts only lists these, and would take
a third longer with the rest.
"""

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from retab_mcp.limits import (
    DIFFERENCE_ROWS,
    DOCUMENT_ROWS,
    FAILURE_DAYS,
    MATCH_ROWS,
    MAX_DIFFERENCE_ROWS,
    MAX_DOCUMENT_ROWS,
    MAX_FAILURE_DAYS,
    MAX_MATCH_ROWS,
    MAX_RUN_ROWS,
    MAX_STEP_ROWS,
    MAX_WAIT_SECONDS,
    RUN_ROWS,
    STEP_ROWS,
)
from retab_mcp.tools.parameters import (
    BlockFilter,
    Cursor,
    ExperimentId,
    ExperimentWorkflowId,
    Path,
    RunId,
    Statuses,
    ToDate,
    WorkflowFilter,
)
from retab_mcp.tools.spec import ToolSpec

if TYPE_CHECKING:
    from retab_mcp.inspector.inspector import Inspector
    from retab_mcp.tools.answer import Answer
else:
    # The SDK evaluates the annotations of a tool, and looks at those of the arguments only.
    Inspector = Answer = Any

GET_RUN = """\
What became of a workflow run and why: status, timing, tally of steps and, for a run that failed, \
waits or was cancelled, the step at the root of it with message, kind of failure, evidence and \
what fed it; for a completed run, findings (missing fields, low likelihoods, retries, default \
branches). The first call for any question about a run. list_steps shows all steps, get_step one."""


async def get_run(
    inspector: Inspector,
    run_id: RunId,
    wait_seconds: Annotated[
        int,
        Field(
            description="Wait so long at most for a run that still goes on to end.",
            ge=0,
            le=MAX_WAIT_SECONDS,
        ),
    ] = 0,
) -> Answer:
    """Answer `get_run`. Raises RetabError, QuestionError."""
    from retab_mcp.tools import get_run as answers

    return await answers.get_run(inspector, run_id, wait_seconds)


LIST_STEPS = """\
Steps of a run in execution order, one compact row each; a loop is one row with its counts and \
failing iterations. Use it to see what ran, failed or was skipped, or to find a step's id. For \
why a run failed, get_run is the better first call; for one step's inputs and outputs, get_step.
block_id of a loop opens it (its steps per iteration); of another block lists each of its steps. \
Where a row has no step_id, its block_id serves as one."""


async def list_steps(
    inspector: Inspector,
    run_id: RunId,
    status: Statuses = "",
    block_type: Annotated[
        str, Field(description="Only these block types, comma separated, such as extract,api_call.")
    ] = "",
    block_id: BlockFilter = "",
    limit: Annotated[int, Field(description="Rows at most.", ge=1, le=MAX_STEP_ROWS)] = STEP_ROWS,
    cursor: Cursor = "",
) -> Answer:
    """Answer `list_steps`. Raises RetabError, QuestionError."""
    from retab_mcp.tools import list_steps as answers

    return await answers.list_steps(inspector, run_id, status, block_type, block_id, limit, cursor)


GET_STEP = """\
One step of a run: status, error, timing, retries, position in loops, and the shape of what went \
in (handle_inputs) and came out (handle_outputs), with samples and outliers. Use it after get_run \
or list_steps named a step. step_id also takes a block id: in a loop that means the first failing \
step of the block, else the last. path reads one value in full. The record that the step produced \
(attempts of an API call, likelihoods, condition results) is in get_artifact."""


async def get_step(
    inspector: Inspector,
    run_id: RunId,
    step_id: Annotated[
        str, Field(description="Step id, or block id, as get_run and list_steps give them.")
    ],
    path: Path = "",
) -> Answer:
    """Answer `get_step`. Raises RetabError, QuestionError."""
    from retab_mcp.tools import get_step as answers

    return await answers.get_step(inspector, run_id, step_id, path)


GET_EXPERIMENT_JOB = """\
The job of one document in an experiment run: status, error, attempt, duration, what went in and \
which artifact came out. Use it for ids that start with exprun_; for a workflow run (run_…) use \
get_run and get_step. workflow_id and experiment_id are needed on older servers only; the error \
says so."""


async def get_experiment_job(
    inspector: Inspector,
    run_id: Annotated[
        str, Field(description="Experiment run id (exprun_…), or a URL that holds it.")
    ],
    document_id: Annotated[
        str, Field(description="Experiment document id (expdoc_…), or the id of its result.")
    ],
    workflow_id: ExperimentWorkflowId = "",
    experiment_id: ExperimentId = "",
    path: Path = "",
) -> Answer:
    """Answer `get_experiment_job`. Raises RetabError, QuestionError."""
    from retab_mcp.tools import get_experiment_job as answers

    return await answers.get_experiment_job(
        inspector, run_id, document_id, workflow_id, experiment_id, path
    )


GET_ARTIFACT = """\
The record that a step produced, by the artifact ref (operation and id) that get_step and \
list_steps give: an extraction's doubtful and missing fields, an API call's attempts and last \
response, a function's exception, the conditions that decided a branch, review or loop, the pages \
of a split, the text of a parse. Use it when get_run and get_step do not show why a value is \
wrong. path reads one value in full, such as /output/line_items/0-20 or /output/text/0-4000."""


async def get_artifact(
    inspector: Inspector,
    artifact_id: Annotated[
        str, Field(description="Artifact id, such as extr_…, or a URL that holds it.")
    ],
    operation: Annotated[
        str,
        Field(
            description="The ref's operation, such as extraction or api_call_invocation; needed "
            "where the id's prefix does not tell it."
        ),
    ] = "",
    path: Path = "",
) -> Answer:
    """Answer `get_artifact`. Raises RetabError, QuestionError."""
    from retab_mcp.tools import get_artifact as answers

    return await answers.get_artifact(inspector, artifact_id, operation, path)


LIST_RUNS = """\
Runs, newest first, one row each with status, duration and, where one failed, step and message. \
Use it to find a run's id or to see how a workflow's runs went. For the failures of many runs \
grouped by what went wrong, find_failures; for why one run failed, get_run."""


async def list_runs(
    inspector: Inspector,
    workflow_id: WorkflowFilter = "",
    status: Statuses = "",
    trigger: Annotated[str, Field(description="Only these triggers, such as api,schedule.")] = "",
    from_date: Annotated[str, Field(description="First day, YYYY-MM-DD (UTC).")] = "",
    to_date: ToDate = "",
    min_duration_ms: Annotated[int, Field(description="At least so long (ms).", ge=0)] = 0,
    max_duration_ms: Annotated[int, Field(description="At most so long; 0: any.", ge=0)] = 0,
    metadata: Annotated[
        str, Field(description="Only with these pairs: key=value,key2=value2.")
    ] = "",
    id_prefix: Annotated[str, Field(description="Beginning of the run id.")] = "",
    limit: Annotated[int, Field(description="Rows at most.", ge=1, le=MAX_RUN_ROWS)] = RUN_ROWS,
    cursor: Cursor = "",
) -> Answer:
    """Answer `list_runs`. Raises RetabError, QuestionError."""
    from retab_mcp.tools import list_runs as answers

    return await answers.list_runs(
        inspector,
        workflow_id,
        status,
        trigger,
        from_date,
        to_date,
        min_duration_ms,
        max_duration_ms,
        metadata,
        id_prefix,
        limit,
        cursor,
    )


FIND_FAILURES = """\
Failures of a workflow's runs (or all runs) over some days, grouped by block, kind of failure and \
message (ids, numbers and quotes aside): how many, share of all runs, first and last seen, rising \
or falling, an example run. Use it for what goes wrong most or since when; for one run get_run, \
for runs one by one list_runs."""


async def find_failures(
    inspector: Inspector,
    workflow_id: WorkflowFilter = "",
    days: Annotated[
        int, Field(description="Days up to to_date, that one included.", ge=1, le=MAX_FAILURE_DAYS)
    ] = FAILURE_DAYS,
    to_date: ToDate = "",
    cursor: Cursor = "",
) -> Answer:
    """Answer `find_failures`. Raises RetabError, QuestionError."""
    from retab_mcp.tools import find_failures as answers

    return await answers.find_failures(inspector, workflow_id, days, to_date, cursor)


GET_EXPERIMENT_RUN = """\
An experiment run (exprun_…) as a table of its documents, worst first: status, score, failures \
grouped. compare_to adds what changed since another run: documents that flipped, scores and \
fields that moved. For one document's inputs and error get_experiment_job; for workflow runs \
(run_…) compare_runs. workflow_id and experiment_id are for older servers; the error says so."""


async def get_experiment_run(
    inspector: Inspector,
    run_id: Annotated[
        str, Field(description="Experiment run id (exprun_…), or a URL that holds it.")
    ],
    compare_to: Annotated[
        str, Field(description="Another run of the experiment, mostly the one before.")
    ] = "",
    workflow_id: ExperimentWorkflowId = "",
    experiment_id: ExperimentId = "",
    limit: Annotated[
        int, Field(description="Rows at most.", ge=1, le=MAX_DOCUMENT_ROWS)
    ] = DOCUMENT_ROWS,
    cursor: Cursor = "",
) -> Answer:
    """Answer `get_experiment_run`. Raises RetabError, QuestionError."""
    from retab_mcp.tools import get_experiment_run as answers

    return await answers.get_experiment_run(
        inspector, run_id, compare_to, workflow_id, experiment_id, limit, cursor
    )


COMPARE_RUNS = """\
How two runs of a workflow differ, step by step, worst first: where they part, steps that ended \
otherwise, outputs that changed (path and both values), other inputs, models, workflow version, \
durations. Use it with a run that went well and one that went wrong; same_inputs marks steps that \
got the same and made something else of it. For one run alone, get_run. Steps of a block that \
differ alike are one row; block_id lists them one by one."""


async def compare_runs(
    inspector: Inspector,
    run_id: RunId,
    other_run_id: Annotated[str, Field(description="The run to compare it with.")],
    block_id: BlockFilter = "",
    limit: Annotated[
        int, Field(description="Rows at most.", ge=1, le=MAX_DIFFERENCE_ROWS)
    ] = DIFFERENCE_ROWS,
) -> Answer:
    """Answer `compare_runs`. Raises RetabError, QuestionError."""
    from retab_mcp.tools import compare_runs as answers

    return await answers.compare_runs(inspector, run_id, other_run_id, block_id, limit)


SEARCH_RUN = """\
Searches a whole run in one call: its inputs, the payloads and messages of all steps, and the \
artifacts they produced, for a text (any case) or a regular expression, in values, numbers (as in \
JSON) and keys. Matches come in the order of execution, so the first answers where a value came \
from, with the path that get_step or get_artifact takes. To see a step you know, get_step."""


async def search_run(
    inspector: Inspector,
    run_id: RunId,
    query: Annotated[str, Field(description="Text to find, any case.")] = "",
    pattern: Annotated[
        str, Field(description="In place of query: a regular expression (RE2, ^ $ at line ends).")
    ] = "",
    limit: Annotated[int, Field(description="Rows at most.", ge=1, le=MAX_MATCH_ROWS)] = MATCH_ROWS,
    cursor: Cursor = "",
) -> Answer:
    """Answer `search_run`. Raises RetabError, QuestionError."""
    from retab_mcp.tools import search_run as answers

    return await answers.search_run(inspector, run_id, query, pattern, limit, cursor)


TOOLS = (
    ToolSpec("Why a run ended as it did", GET_RUN, get_run, "retab_mcp.tools.get_run:GetRunAnswer"),
    ToolSpec(
        "Steps of a run", LIST_STEPS, list_steps, "retab_mcp.tools.list_steps:ListStepsAnswer"
    ),
    ToolSpec("One step of a run", GET_STEP, get_step, "retab_mcp.tools.get_step:GetStepAnswer"),
    ToolSpec(
        "One document of an experiment",
        GET_EXPERIMENT_JOB,
        get_experiment_job,
        "retab_mcp.tools.get_experiment_job:GetExperimentJobAnswer",
    ),
    ToolSpec(
        "What a step produced",
        GET_ARTIFACT,
        get_artifact,
        "retab_mcp.tools.get_artifact:GetArtifactAnswer",
    ),
    ToolSpec("Runs", LIST_RUNS, list_runs, "retab_mcp.tools.list_runs:ListRunsAnswer"),
    ToolSpec(
        "What goes wrong most",
        FIND_FAILURES,
        find_failures,
        "retab_mcp.tools.find_failures:FindFailuresAnswer",
    ),
    ToolSpec(
        "Documents of an experiment run",
        GET_EXPERIMENT_RUN,
        get_experiment_run,
        "retab_mcp.tools.get_experiment_run:GetExperimentRunAnswer",
    ),
    ToolSpec(
        "Two runs compared",
        COMPARE_RUNS,
        compare_runs,
        "retab_mcp.tools.compare_runs:CompareRunsAnswer",
    ),
    ToolSpec(
        "Find a text in a run", SEARCH_RUN, search_run, "retab_mcp.tools.search_run:SearchRunAnswer"
    ),
)
