"""How a value came to a place, and where it came from first."""

from enum import StrEnum


class How(StrEnum):
    """What a step did with a value."""

    PASSED_ON = "passed_on"
    RENAMED = "renamed"
    REFORMATTED = "reformatted"
    COMPUTED = "computed"
    MERGED = "merged"
    OVERWRITTEN = "overwritten"
    SPLIT = "split"
    ITEM_OF_LOOP = "item_of_loop"
    EDITED_IN_REVIEW = "edited_in_review"
    EXTRACTED = "extracted"
    CLASSIFIED = "classified"
    ANSWERED_BY_API = "answered_by_api"
    RUN_INPUT = "run_input"
    UNKNOWN = "unknown"


class KnownBy(StrEnum):
    """What a hop rests on.

    `record` is what the step's own record shows (its type, artifact, review or the source of its
    function), `position` an equal place: the same key or the same number in a list.
    """

    EDGE = "edge"
    EQUAL_VALUE = "equal_value"
    POSITION = "position"
    RECORD = "record"


class OriginKind(StrEnum):
    """What a value comes from first."""

    DOCUMENT = "document"
    CLASSIFICATION = "classification"
    CALLED_API = "called_api"
    COMPUTED = "computed"
    RUN_INPUT = "run_input"
    REVIEW = "review"
    UNKNOWN = "unknown"
