"""Read days from arguments."""

from datetime import date, datetime

from retab_mcp.models import ErrorKind
from retab_mcp.queries.errors import QuestionError


def read_day(name: str, text: str) -> date | None:
    """Return the day in `text`, written YYYY-MM-DD; None if it is empty.

    Raises QuestionError (invalid_argument), which calls the argument `name`, for other text.
    """
    given = text.strip()
    if not given:
        return None
    try:
        return datetime.strptime(given, "%Y-%m-%d").date()
    except ValueError:
        raise QuestionError(
            ErrorKind.INVALID_ARGUMENT, f"{name} must be a date, written YYYY-MM-DD."
        ) from None
