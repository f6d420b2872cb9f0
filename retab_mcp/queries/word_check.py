"""Refuse an unknown word of a filter: an empty answer would read as "there are none"."""

from collections.abc import Iterable

from retab_mcp.models import ErrorKind
from retab_mcp.queries.errors import QuestionError

# Words listed in an error.
MAX_WORDS = 30


def refuse_unknown(argument: str, given: Iterable[str], known: Iterable[str]) -> None:
    """Raise QuestionError (invalid_argument, naming the `known` words) for a word not among them.

    Ask only if nothing matches, since Retab may have words that are not documented.
    """
    words = list(dict.fromkeys(known))
    unknown = [word for word in given if word not in {one.lower() for one in words}]
    if unknown:
        raise QuestionError(
            ErrorKind.INVALID_ARGUMENT,
            f"Unknown {argument}: {', '.join(unknown)}.",
            hint=f"Use one of `{argument}_words`, or leave {argument} out.",
            facts={f"{argument}_words": words[:MAX_WORDS]},
        )
