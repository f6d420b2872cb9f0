"""An error as Retab reports it."""

from enum import StrEnum
from typing import TypeAlias

from retab_mcp.models.base import Json, Record


class Stage(StrEnum):
    """The stage of a step's execution that an error belongs to."""

    INPUT_COLLECTION = "input_collection"
    REGISTRY_LOOKUP = "registry_lookup"
    DOCUMENT_FETCH = "document_fetch"
    EXECUTION = "execution"
    OUTPUT_STORAGE = "output_storage"
    ROUTING = "routing"
    HISTORY_PAYLOAD = "history_payload"


class Category(StrEnum):
    """The category of an error, which shows if a retry can help."""

    TRANSIENT = "transient"
    PERMANENT = "permanent"
    QUOTA = "quota"


# As read: an undocumented word passes through unchanged.
StageWord: TypeAlias = Stage | str
CategoryWord: TypeAlias = Category | str


class ErrorDetails(Record):
    """What the API adds to an error for debugging; any field may be missing."""

    message: str | None = None
    stack_trace: str | None = None
    block_id: str | None = None
    block_name: str | None = None
    error_code: str | None = None
    context: Json = None


class Failure(Record):
    """An error of a run, step, job, artifact or attempt; `message` may be empty."""

    message: str = ""
    stage: StageWord | None = None
    category: CategoryWord | None = None
    details: ErrorDetails | None = None
