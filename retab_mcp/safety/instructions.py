"""Find text of third parties that speaks to the assistant that will read it."""

import re2  # type: ignore[import-untyped]

from retab_mcp.safety.nodes import Json
from retab_mcp.safety.text_places import pointer_to, texts_in
from retab_mcp.safety.view import fold

# Paths that are listed; a document that speaks in more places is one that does.
MAX_PATHS = 5
_LONGEST_READ = 200_000  # characters of one text

_PATTERN = re2.compile(
    rb"(?i)\b(?:ignore|disregard|forget|override|bypass)\b[^.\n]{0,24}"
    rb"\b(?:previous|prior|above|earlier|preceding|all|any|your|the|system|these"
    rb"|other)\b[^.\n]{0,24}"
    rb"\b(?:instruction|prompt|rule|guideline|direction|command|message|context|polic)"
    rb"|\b(?:you are|act as|pretend to be|you're) (?:now )?(?:a|an|the|in)?\s?[^.\n]{0,30}"
    rb"\b(?:assistant|ai|language model|llm|agent|chatbot|developer mode|dan)\b"
    rb"|\b(?:new|updated|important|hidden|secret|system)\s(?:system )?(?:instructions?"
    rb"|prompt)\b ?[:\-]"
    rb"|\b(?:reveal|print|show|output|repeat|send|leak)\b[^.\n]{0,24}"
    rb"\b(?:system prompt|your instructions|your prompt|api key|credentials|environment variables)"
    rb"|\b(?:assistant|ai model|language model|llm|chatgpt|claude|gemini|copilot)s?\b ?[:,] ?"
    rb"(?:please|you|do|call|use|run|send|ignore|approve|mark|write|reply) "
    rb"|\bdo not (?:tell|inform|mention|alert|warn)\b[^.\n]{0,24}"
    rb"\b(?:user|human|person|operator|anyone)\b"
    rb"|\b(?:call|invoke|use|run|execute) the [`'\"]?[\w\-]{2,40}[`'\"]? (?:tool|function)\b"
    rb"|\bignorier\w*\b[^.\n]{0,30}\b(?:anweisung|vorherig|bisherig)"
    rb"|\bignore[zs]?\b[^.\n]{0,30}\b(?:instructions? precedentes|consignes)"
    rb"|\bignor[ae]\b[^.\n]{0,30}\b(?:instrucciones|istruzioni|instrucoes)"
    rb"|<(?:system|instructions?|admin|important)>"
)


def speaks_to_assistant(text: str) -> bool:
    """Return whether a text gives orders to an assistant, as far as its words show it."""
    data = fold(text[:_LONGEST_READ]).encode("ascii")
    return _PATTERN.search(data) is not None


def speaking_paths(value: Json) -> list[str]:
    """Return the JSON Pointers of texts and keys that speak to the assistant, at most MAX_PATHS."""
    found: list[str] = []
    for place, text in texts_in(value):
        if speaks_to_assistant(text):
            found.append(pointer_to(place))
            if len(found) == MAX_PATHS:
                break
    return found
