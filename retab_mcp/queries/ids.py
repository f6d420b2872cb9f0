"""Ids as assistants and people paste them: bare, quoted, or inside a URL."""

from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import parse_qsl, unquote, urlsplit

from retab_mcp.analysis.step_ids import WRAPPING, is_url
from retab_mcp.models import ErrorKind
from retab_mcp.queries.errors import QuestionError
from retab_mcp.retab.operations import ARTIFACT_ID_PREFIXES
from retab_mcp.retab.routes import MAX_ID_CHARS


@dataclass(frozen=True)
class IdKind:
    """A kind of id: its name, the argument and tool that take it, and its prefixes.

    `segment` is the path segment before such an id in Retab's URLs, for kinds whose ids can be any
    text.
    """

    name: str
    argument: str
    prefixes: tuple[str, ...]
    tool: str
    segment: str = ""


RUN = IdKind("the id of a run", "run_id", ("run_",), "get_run", "runs")
STEP = IdKind("the id of a step", "step_id", ("step_", "block_", "blk_"), "get_step", "steps")
ARTIFACT = IdKind(
    "the id of an artifact",
    "artifact_id",
    ARTIFACT_ID_PREFIXES,
    "get_artifact",
    "artifacts",
)
EXPERIMENT_RUN = IdKind(
    "the id of an experiment run", "run_id", ("exprun_",), "get_experiment_run", "runs"
)
EVAL_RUN = IdKind(
    "the id of an eval run", "run_id", ("wfevalrun_", "wftestrun_"), "get_eval_run", "runs"
)
DOCUMENT = IdKind(
    "the id of an experiment's document",
    "document_id",
    ("expdoc_", "expresult_", "expjob_"),
    "get_experiment_job",
    "documents",
)
EXPERIMENT = IdKind(
    "the id of an experiment", "run_id", ("exp_",), "get_experiment_run", "experiments"
)
WORKFLOW = IdKind("the id of a workflow", "workflow_id", ("wrk_", "wf_"), "list_runs", "workflows")
BLOCK = IdKind("the id of a block", "block_id", ("block_", "blk_"), "list_steps", "blocks")

# Kinds recognised by the prefix of their ids. Steps and blocks are not among them: users name
# blocks, and a step's id starts with its run's.
_KNOWN_BY_PREFIX = (EXPERIMENT_RUN, EVAL_RUN, RUN, ARTIFACT, DOCUMENT, EXPERIMENT, WORKFLOW)

# Characters that end a word of a sentence, and ids named where a text holds several.
_AROUND_WORDS = f"{WRAPPING}.:!?{{}}*_"
_MAX_NAMED_IDS = 5


def read_id(text: str, kind: IdKind) -> str:
    """Return the id of `kind` in `text`: the id itself, or the one in a pasted URL or sentence.

    The host of a URL is ignored. Raises QuestionError (invalid_argument) if the text is empty, if
    the URL contains no such id, if the id has the prefix of another kind, or if it is longer
    than MAX_ID_CHARS (ids in a path are checked later, ids in a filter only here).
    """
    given = text.strip(WRAPPING)
    if not given:
        raise QuestionError(ErrorKind.INVALID_ARGUMENT, f"{kind.argument} is empty.")
    found = _from_sentence(given, kind)
    if found is None:
        found = _from_url(given, kind) if is_url(given) else given
    if len(found) > MAX_ID_CHARS:
        raise QuestionError(
            ErrorKind.INVALID_ARGUMENT,
            f"{kind.argument} is longer than {MAX_ID_CHARS} characters; no id is that long.",
        )
    _refuse_other_kind(found, kind)
    return found


def read_optional_id(text: str, kind: IdKind) -> str:
    """Return the id as `read_id` does, or "" for an empty text."""
    return read_id(text, kind) if text.strip(WRAPPING) else ""


def is_of_kind(text: str, kind: IdKind) -> bool:
    """Return whether the text is an id of `kind` by its prefix, not a URL or an id of another."""
    return text.strip(WRAPPING).startswith(kind.prefixes)


def _from_sentence(text: str, kind: IdKind) -> str | None:
    """Return the one id of `kind` among several words, None if there is none or only one word.

    Raises QuestionError (invalid_argument) if there are several.
    """
    words = text.split()
    if len(words) < 2 or kind not in _KNOWN_BY_PREFIX:
        return None
    found: dict[str, None] = {}
    for word in (word.strip(_AROUND_WORDS) for word in words):
        if is_url(word):
            try:
                found[_from_url(word, kind)] = None
            except QuestionError:
                continue
        elif word.startswith(kind.prefixes):
            found[word] = None
    if len(found) > 1:
        raise QuestionError(
            ErrorKind.INVALID_ARGUMENT,
            f"{kind.argument} contains several ids.",
            hint="Give one of `ids`.",
            facts={"ids": list(found)[:_MAX_NAMED_IDS]},
        )
    return next(iter(found), None)


def _from_url(text: str, kind: IdKind) -> str:
    try:
        parts = urlsplit(text)
    except ValueError:
        raise QuestionError(
            ErrorKind.INVALID_ARGUMENT, f"{kind.argument} is not a valid URL."
        ) from None
    segments = [unquote(segment) for segment in parts.path.split("/") if segment]
    fields = [*parse_qsl(parts.query), *parse_qsl(urlsplit("?" + parts.fragment).query)]
    values = [*segments, *(value for _, value in fields)]
    candidates = [
        *(value for name, value in fields if name == kind.argument),
        *(after for before, after in pairwise(segments) if before == kind.segment),
        *(value for value in values if value.startswith(kind.prefixes)),
    ]
    if not candidates:
        raise QuestionError(
            ErrorKind.INVALID_ARGUMENT,
            f"The URL contains no {kind.argument}.",
            hint=f"Give the id itself; it starts with {' or '.join(kind.prefixes)}.",
        )
    return candidates[0]


def _refuse_other_kind(found: str, kind: IdKind) -> None:
    if kind not in _KNOWN_BY_PREFIX or found.startswith(kind.prefixes):
        return
    for other in _KNOWN_BY_PREFIX:
        if found.startswith(other.prefixes):
            takes = f"{other.tool} takes it as {other.argument}." if other.tool else ""
            raise QuestionError(
                ErrorKind.INVALID_ARGUMENT,
                f"{kind.argument} was given {other.name}.",
                hint=takes or f"Give {kind.name}; it starts with {' or '.join(kind.prefixes)}.",
            )
