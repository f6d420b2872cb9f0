"""Errors that are the caller's or this server's, not Retab's."""

from retab_mcp.models import ErrorKind, Json


class QuestionError(Exception):
    """A question that cannot be answered because of its arguments or of this server's settings.

    `kind` is one of the kinds of an error answer (invalid_argument, not_configured, not_found,
    unsupported, …), `message` one sentence, `hint` what to do now. `facts` (the ids
    asked for, what exists instead) are added to the error answer unchanged.
    """

    def __init__(
        self,
        kind: ErrorKind,
        message: str,
        *,
        hint: str = "",
        facts: dict[str, Json] | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.hint = hint
        self.facts = facts or {}
