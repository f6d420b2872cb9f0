"""Find a workflow by its name, and refuse one that does not exist."""

from retab_mcp.models import ErrorKind, Json, Run
from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.ids import WORKFLOW, read_optional_id
from retab_mcp.queries.inspector import Inspector
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.run_list import RunFilter
from retab_mcp.retab.workflows import MAX_WORKFLOWS_READ

# Workflows named in an error: enough to see what the names look like.
MAX_NAMED_WORKFLOWS = 20


async def find_workflow(inspector: Inspector, text: str) -> str:
    """Return the id of the workflow that `text` names by id, URL or name; "" for an empty text.

    Raises RetabError, QuestionError (not_found, naming workflows that exist; invalid_argument if
    several have the name).
    """
    given = read_optional_id(text, WORKFLOW)
    if not given or given.startswith(WORKFLOW.prefixes):
        return given
    try:
        names = await inspector.api.list_workflows()
    except RetabError:
        # Ids need no prefix, so the text may be one.
        return given
    if given in names:
        return given
    wanted = given.casefold()
    same = [each for each, name in names.items() if name.casefold() == wanted]
    found = same or [each for each, name in names.items() if wanted in name.casefold()]
    if len(found) == 1:
        return found[0]
    if found:
        raise QuestionError(
            ErrorKind.INVALID_ARGUMENT,
            f"{len(found)} workflows are named like {given}.",
            hint="Give one of their ids.",
            facts={"workflows": _some({each: names[each] for each in found})},
        )
    raise _no_such_workflow(given, names)


async def names_of(inspector: Inspector, workflow_ids: set[str | None]) -> dict[str, Json]:
    """Return the names of workflows by id, as far as they can be read."""
    if not any(workflow_ids):
        return {}
    try:
        names = await inspector.api.list_workflows()
    except RetabError:
        return {}
    return {each: names[each] for each in sorted(filter(None, workflow_ids)) if names.get(each)}


async def newest_run(inspector: Inspector, workflow_id: str) -> Run | None:
    """Return the newest run of a workflow ("" for all) for an answer that found none.

    Returns None if it has no run or cannot be read. Raises QuestionError (not_found) if there is no
    such workflow.
    """
    try:
        page = await inspector.api.list_runs(RunFilter(workflow_id=workflow_id), limit=1)
    except RetabError:
        return None
    if page.runs or not workflow_id:
        return next(iter(page.runs), None)
    try:
        names = await inspector.api.list_workflows()
    except RetabError:
        return None
    # A full list may lack the workflow though it exists.
    if names and workflow_id not in names and len(names) < MAX_WORKFLOWS_READ:
        raise _no_such_workflow(workflow_id, names)
    return None


def _no_such_workflow(text: str, names: dict[str, str]) -> QuestionError:
    return QuestionError(
        ErrorKind.NOT_FOUND,
        f"There is no workflow {text} for this API key.",
        hint="Take an id or a name from `workflows`, or leave workflow_id out.",
        facts={"workflows": _some(names), "workflows_in_all": len(names)},
    )


def _some(names: dict[str, str]) -> dict[str, Json]:
    return dict(list(names.items())[:MAX_NAMED_WORKFLOWS])
