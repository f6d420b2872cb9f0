"""The artifact operation that an id or a word means."""

from retab_mcp.models import ErrorKind, Operation, OperationWord
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.routes import OPERATIONS

ARTIFACT_ID_PREFIXES = tuple(
    prefix for operation in OPERATIONS.values() for prefix in operation.id_prefixes
)

_BY_PREFIX = {
    prefix: operation for operation, found in OPERATIONS.items() for prefix in found.id_prefixes
}
_BY_NAME: dict[str, Operation] = {
    **{operation.value: operation for operation in Operation},
    **{name: operation for operation, found in OPERATIONS.items() for name in found.older_names},
}


def operation_of_id(artifact_id: str) -> Operation | None:
    """Return the operation that an artifact id's prefix names, None for an unknown prefix."""
    prefix, separator, _ = artifact_id.partition("_")
    return _BY_PREFIX.get(prefix + separator)


def normal_operation(word: str) -> OperationWord:
    """Return the operation that a word of the API means; an unknown word passes through."""
    return _BY_NAME.get(word, word)


def names_in_paths(operation: OperationWord) -> tuple[str, ...]:
    """Return the words for an operation to try in a path, oldest first.

    Paths contained the operation from 10 to 21 May 2026 only, when most older names were in use.
    """
    known = OPERATIONS.get(operation) if isinstance(operation, Operation) else None
    return (*(known.older_names if known else ()), operation)


def operation_missing() -> RetabError:
    """Return the error for an artifact whose operation is needed and unknown."""
    return RetabError(
        ErrorKind.INVALID_ARGUMENT,
        "This Retab server finds an artifact only by operation and id, and the id's prefix does "
        f"not name the operation. Pass operation, one of {', '.join(Operation)}.",
        route_missing=True,
    )
