"""Keep what an error's details hold beyond its messages: a remaining credit, a limit, a file."""

import json
from collections.abc import Collection

from retab_mcp.analysis.cause.evidence.error_layers import is_trace
from retab_mcp.analysis.cause.evidence.generic_messages import contains, is_generic
from retab_mcp.digest.digest import digest
from retab_mcp.models import Json

# Estimated tokens of all facts.
FACTS_TOKENS = 120
# Deeper values are a payload, not facts about the error.
MAX_DEPTH = 8
# A longer text is a payload as well.
MAX_TEXT = 300

# Facts about a call that its attempts show as well.
_OF_THE_CALL = frozenset({"attempts", "response_status", "status_code", "http_status", "status"})
# Ids that the answer shows elsewhere, or that no tool accepts.
_KNOWN_IDS = frozenset(
    {
        *("block_id", "block_name", "node_id", "node_name", "step_id", "run_id", "workflow_id"),
        *("organization_id", "environment_id", "stage", "category", "error_code"),
    }
)
# Objects of these names hold facts, they are not one themselves.
_HOLDS_FACTS = frozenset({"context", "details", "error"})


def error_facts(
    sources: Collection[Json], said: Collection[str], shown: Collection[Json] = ()
) -> Json:
    """Return the facts in the details of an error, None if there are none.

    `sources` are details in any form; of two with the same key the first counts. Messages that
    `said` contains, values that are `shown` already and stack traces are left out.
    """
    facts: dict[str, Json] = {}
    pruner = _Pruner(said, shown)
    for source in sources:
        kept = pruner.keep(_parsed(source), 0)
        if isinstance(kept, dict):
            facts = {**kept, **facts}
        elif kept is not None:
            facts.setdefault("context", kept)
    facts = _without_repeats(facts)
    return digest(facts, FACTS_TOKENS, derived=True).value if facts else None


def _without_repeats(facts: dict[str, Json]) -> dict[str, Json]:
    """Return the facts without those under `context` that are there outside of it as well."""
    context = facts.get("context")
    if not isinstance(context, dict):
        return facts
    new = {key: value for key, value in context.items() if facts.get(key) != value}
    others = {key: value for key, value in facts.items() if key != "context"}
    return {**others, "context": new} if new else others


def _parsed(source: Json) -> Json:
    """Return the object in a text such as '{"credits_left": 0}', else `source` itself."""
    if not isinstance(source, str) or not source.lstrip().startswith("{"):
        return source
    try:
        return dict(json.loads(source))
    except (ValueError, TypeError, RecursionError):
        return source


class _Pruner:
    """Drops what an answer says already."""

    def __init__(self, said: Collection[str], shown: Collection[Json]) -> None:
        self._said = said
        # A number can be equal by chance.
        self._shown = [value for value in shown if value and isinstance(value, str | dict | list)]
        self._numbers = [value for value in shown if isinstance(value, int)]

    def keep(self, value: Json, depth: int) -> Json:
        """Return `value` without what is known; None if nothing is left."""
        if depth > MAX_DEPTH or value in self._shown:
            return None
        if isinstance(value, dict):
            kept = {
                key: inner if key in _HOLDS_FACTS else self._whole(item, depth + 1)
                for key, item in value.items()
                if key not in _KNOWN_IDS
                and not (key in _OF_THE_CALL and item in self._numbers)
                and (inner := self.keep(item, depth + 1)) is not None
            }
            return kept or None
        if isinstance(value, list):
            items = (self.keep(item, depth + 1) for item in value)
            return [item for item in items if item is not None] or None
        if isinstance(value, str):
            return None if self._is_known(value) else value
        return value

    def _whole(self, value: Json, depth: int) -> Json:
        """Return a fact with all its parts, the known ones too: half of it reads as another one."""
        if depth > MAX_DEPTH:
            return None
        if isinstance(value, dict):
            return {
                key: self._whole(item, depth + 1)
                for key, item in value.items()
                if key not in _KNOWN_IDS and not _is_bulk(item)
            }
        if isinstance(value, list):
            return [self._whole(item, depth + 1) for item in value if not _is_bulk(item)]
        return value

    def _is_known(self, text: str) -> bool:
        is_word = any(map(str.isalpha, text)) or not text.strip()
        if _is_bulk(text) or (is_word and is_generic(text)):
            return True
        return any(contains(message, text) for message in self._said)


def _is_bulk(value: Json) -> bool:
    return isinstance(value, str) and (len(value) > MAX_TEXT or is_trace(value))
