"""The exit codes of the commands for people."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit code of a command that asks Retab."""

    ANSWERED = 0
    RUN_FAILED = 1
    WRONG_USE = 2
    NOT_ANSWERED = 3
