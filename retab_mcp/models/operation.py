"""The operations that produce artifacts."""

from enum import StrEnum
from typing import TypeAlias


class Operation(StrEnum):
    """An artifact operation that Retab documents."""

    EXTRACTION = "extraction"
    SPLIT = "split"
    CLASSIFICATION = "classification"
    PARSE = "parse"
    EDIT = "edit"
    PARTITION = "partition"
    CONDITIONAL_EVALUATION = "conditional_evaluation"
    REVIEW_TRIGGER_EVALUATION = "review_trigger_evaluation"
    WHILE_LOOP_TERMINATION = "while_loop_termination"
    API_CALL_INVOCATION = "api_call_invocation"
    FUNCTION_INVOCATION = "function_invocation"


# An operation as read: an undocumented word passes through unchanged.
OperationWord: TypeAlias = Operation | str
