"""Days as arguments name them."""

from datetime import date, datetime

from retab_mcp.models import ErrorKind
from retab_mcp.queries.errors import QuestionError


def read_day(name: str, text: str) -> date | None:
    """Return the day that argument `name` gives as YYYY-MM-DD, None when it is empty.

    Raises QuestionError (invalid_argument) for anything else.
    """
    given = text.strip()
    if not given:
        return None
    try:
        return datetime.strptime(given, "%Y-%m-%d").date()
    except ValueError:
        raise QuestionError(
            ErrorKind.INVALID_ARGUMENT, f"{name} must be a day, written YYYY-MM-DD."
        ) from None
