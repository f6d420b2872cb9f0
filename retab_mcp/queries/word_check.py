"""Refuse an unknown word of a filter: an empty answer would read as "there are none"."""

from collections.abc import Callable, Iterable

from retab_mcp.models import ErrorKind
from retab_mcp.queries.errors import QuestionError

# Words listed in an error.
MAX_WORDS = 30


def refuse_unknown(
    argument: str, text: str, known: Iterable[str], normal: Callable[[str], str] = str
) -> None:
    """Raise QuestionError (invalid_argument, naming the `known` words) for a word not among them.

    `text` is the argument as given, words separated by commas in any case; `normal` returns the
    word of which another one is a synonym. Ask only if nothing matches, since Retab may have words
    that are not documented.
    """
    words = list(dict.fromkeys(known))
    lower = {one.lower() for one in words}
    given = [word.strip() for word in text.split(",") if word.strip()]
    # Named as given: in another case, a redacted word would not be recognized.
    unknown = [word for word in given if normal(word.lower()) not in lower]
    if unknown:
        raise QuestionError(
            ErrorKind.INVALID_ARGUMENT,
            f"Unknown {argument}: {', '.join(unknown)}.",
            hint=f"Use one of `{argument}_words`, or leave {argument} out.",
            facts={f"{argument}_words": words[:MAX_WORDS]},
        )
