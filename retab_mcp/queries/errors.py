"""Why a question could not be answered, where the reason is not Retab's."""

from retab_mcp.models import ErrorKind, Json


class QuestionError(Exception):
    """The question itself is at fault, or this server is.

    `kind` is one of the kinds of an error answer (invalid_argument, not_configured, not_found,
    unsupported, …), `message` one sentence, `hint` what to do now. `facts` are added to the
    error answer as they stand: the ids asked for, what exists instead.
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
