"""Show the part of a block's configuration that matters to a failure, and the place to change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.analysis.code_steps import FUNCTION_TYPES
from retab_mcp.analysis.configuration.advice import suggestion_by_code, suggestion_by_schema
from retab_mcp.analysis.configuration.function_lines import function_lines
from retab_mcp.analysis.configuration.schema_nodes import schema_nodes
from retab_mcp.digest.digest import digest
from retab_mcp.models import Block, Graph, Json, StepSummary

# Estimated tokens of one part of a configuration.
PART_BUDGET = 70
# A body mapping of more keys shows only those that the failure names.
MAX_MAPPED = 4
DRAFT = "draft"

# Beginnings of the keys that matter, by block type; other keys (positions, models) explain nothing.
_KEYS: dict[str, tuple[str, ...]] = {
    "api_call": ("url", "endpoint", "body", "payload", "timeout"),
    "conditional": ("condition", "branch", "expression", "rule"),
    "merge_dicts": ("precedence", "strategy", "priority", "order", "conflict", "on_conflict"),
    "for_each": ("path", "items", "max_", "limit", "parallel", "concurrency", "on_error"),
    "while_loop": ("condition", "max_", "limit", "exit", "until", "on_limit"),
    "classifier": ("categor",),
    "split": ("subdocument",),
}
_MAPPINGS = ("body", "payload")


@dataclass(frozen=True)
class ConfigPart:
    """What a failure needs of a configuration; `place` names what to change, without the block.

    `as_of` is "draft" if only the workflow's current graph is known.
    """

    values: dict[str, Json] = field(default_factory=dict)
    place: str | None = None
    as_of: str | None = None

    def record(self) -> dict[str, Json]:
        """Return the part as JSON."""
        return {**self.values, "as_of": self.as_of} if self.as_of else dict(self.values)


def block_of(graph: Graph | None, step: StepSummary) -> Block | None:
    """Return the block of a step, None where the graph does not have it."""
    blocks = graph.blocks if graph is not None else ()
    return next((block for block in blocks if block.id == step.block_id), None)


def config_part(graph: Graph | None, step: StepSummary, cause: RootCause) -> ConfigPart | None:
    """Return what matters of the configuration of the step's block, None if nothing does."""
    block = block_of(graph, step)
    if block is None or graph is None or not block.config:
        return None
    found = _reader(block)(block, cause)
    if not found.values:
        return None
    return replace(found, as_of=DRAFT if graph.version_id is None else None)


def with_config(cause: RootCause, graph: Graph | None) -> RootCause:
    """Return the cause with the part of the configuration and the place to change."""
    if cause.step is None or "config" in cause.evidence:
        return cause
    step = cause.step
    cause = replace(cause, suggestion=suggestion_by_schema(cause))
    found = config_part(graph, step, cause)
    suggestion = suggestion_by_code(cause, has_code=found is not None)
    if found is None:
        return replace(cause, suggestion=suggestion)
    if found.place:
        name = step.label or step.block_id
        suggestion = f"{suggestion} Place to change: '{name}', {found.place}."
    evidence = {**cause.evidence, "config": found.record()}
    return replace(cause, evidence=evidence, suggestion=suggestion)


def _reader(block: Block) -> Callable[[Block, RootCause], ConfigPart]:
    if block.type in FUNCTION_TYPES:
        return _of_function
    if block.type == "extract":
        return _of_extraction
    return _of_keys


def _of_function(block: Block, cause: RootCause) -> ConfigPart:
    found = function_lines(block.config, cause)
    if found is None:
        return ConfigPart()
    return ConfigPart({"code": list(found.lines)}, f"line {found.number}")


def _of_extraction(block: Block, cause: RootCause) -> ConfigPart:
    nodes = schema_nodes(block.config, cause)
    if not nodes:
        return ConfigPart()
    first = next(iter(nodes))
    return ConfigPart({"schema": nodes}, f"field {first} of its schema")


def _of_keys(block: Block, cause: RootCause) -> ConfigPart:
    beginnings = _KEYS.get(block.type or "", ())
    values: dict[str, Json] = {}
    place = None
    for key, value in block.config.items():
        if not key.startswith(beginnings) or value in (None, "", [], {}):
            continue
        if key.startswith(_MAPPINGS) and isinstance(value, dict):
            value, place = _named_in(value, key, cause)
        values[key] = digest(value, PART_BUDGET).value
    if place is None and values and block.type != "api_call":
        place = " and ".join(list(values)[:2])
    return ConfigPart(values, place)


def _named_in(body: Mapping[str, Json], key: str, cause: RootCause) -> tuple[Json, str | None]:
    """Return the fields of a body mapping that the failure names, and the place of the first."""
    said = f"{cause.message} {cause.evidence.get('response_body', '')}"
    named = {name: value for name, value in body.items() if name in said}
    if named:
        return named, f"{key}.{next(iter(named))}"
    return (dict(body) if len(body) <= MAX_MAPPED else dict(list(body.items())[:MAX_MAPPED])), None
