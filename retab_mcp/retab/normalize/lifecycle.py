"""Read the status, failure and reason of a run, step, experiment job or primitive.

There are three forms: `lifecycle` with `status` (`kind` from 10 to 13 May 2026), a flat `status`
next to `terminal` (steps of the same days), and before that a flat `status` next to `error`,
`error_stage`, `error_category` and `error_details`.
"""

from collections.abc import Mapping

from retab_mcp.models import ErrorDetails, Failure, Json, Status, StatusWord, normal_status
from retab_mcp.retab.generations.registry import names
from retab_mcp.retab.normalize.fields import fields_of, first_text, mapping, message, text

# The status of a record without one.
UNKNOWN = "unknown"

_DETAIL_FIELDS = ("message", "stack_trace", "block_id", "block_name", "error_code")
# Fields of a lifecycle that have a place of their own.
_LIFECYCLE_FIELDS = frozenset(
    {
        *("status", "kind", "message", "stage", "category", "details", "reason"),
        *("failing_step_id", "waiting_for_block_ids", "waiting_for_node_ids"),
    }
)


def status_of(record: Mapping[str, Json]) -> StatusWord:
    """Return the normal status; unknown words pass through, a missing one is `unknown`."""
    current = record.get("lifecycle")
    if type(current) is dict and type(word := current.get("status")) is str and word:
        # The current form, without a look at the older ones: a large run has 10,000 steps.
        return normal_status(text(word) or UNKNOWN)
    lifecycle, *older = _lifecycles(record)
    status = names("lifecycle", "status")
    word = (
        first_text(lifecycle, *status)
        or first_text(record, "status", "lifecycle")
        or next((found for one in older if (found := first_text(one, *status))), None)
    )
    return normal_status(word or UNKNOWN)


def says_more_than_status(record: Mapping[str, Json]) -> bool:
    """Return whether a record may say why it ended: a fast test, for runs of 10,000 steps."""
    get = record.get
    lifecycle = get("lifecycle")
    return (
        type(lifecycle) is not dict
        or len(lifecycle) > 1
        or "status" not in lifecycle
        or get("error") is not None
        or get("error_details") is not None
        or any(map(get, names("record", "lifecycle")[1:]))
    )


def reason_of(record: Mapping[str, Json], status: str) -> str | None:
    """Return why something with this `status` was skipped or cancelled, None if not given."""
    for source in _filled_lifecycles(record):
        reason = first_text(source, "reason")
        if reason:
            return reason
    if status != Status.SKIPPED:
        return None
    # Before May 2026 the reason was in the step's typed output.
    output = fields_of(record.get("output"))
    missing = message(output.get("missing_input"))
    return first_text(output, "reason") or (f"missing input: {missing}" if missing else None)


def failure_of(record: Mapping[str, Json], status: str) -> Failure | None:
    """Return the error, None without one; never None when `status` is `error`."""
    error = record.get("error")
    if status != Status.ERROR and error is None and not _says_what_failed(record):
        return None
    sources = [*_lifecycles(record), fields_of(error)]
    said = _first_message([*(source.get("message") for source in sources)])
    said = said or ("" if isinstance(error, dict) else message(error))
    details = _first_details(
        [
            *(_with_extras(source) for source in sources[:-1]),
            _named_details(record.get("error_details")),
            error,
        ]
    )
    if not said and details is None and status != Status.ERROR:
        return None
    return Failure(
        message=said or (details and details.message) or "",
        stage=_first(sources, "stage") or text(record.get("error_stage")),
        category=_first(sources, "category") or text(record.get("error_category")),
        details=details,
    )


def error_details(value: Json) -> ErrorDetails | None:
    """Return the details of an error, None for anything but a non-empty object.

    Accepts the API's ErrorDetails, a primitive's {code, message, details} and any other object;
    unknown fields are kept in `context`.
    """
    if not isinstance(value, dict):
        return None
    fields = {name: item for name, item in mapping(value).items() if item is not None}
    known = {name: message(fields.pop(name)) for name in _DETAIL_FIELDS if name in fields}
    if "error_code" not in known and "code" in fields:
        known["error_code"] = message(fields.pop("code"))
    context = fields.pop("context", None)
    for name in ("stage", "category"):
        fields.pop(name, None)
    if context is None and set(fields) == {"details"}:
        context = fields.pop("details")
    if fields:
        context = {**fields, **context} if isinstance(context, dict) else _beside(fields, context)
    if not known and context is None:
        return None
    return ErrorDetails(**known, context=context)


def _with_extras(lifecycle: Mapping[str, Json]) -> Json:
    """Return the details of an error with the undocumented fields next to them."""
    details = _named_details(lifecycle.get("details"))
    extras = {
        name: item
        for name, item in lifecycle.items()
        if name not in _LIFECYCLE_FIELDS and item is not None
    }
    if not extras or (details is not None and not isinstance(details, dict)):
        return details
    return {**extras, **(details or {})}


def _named_details(details: Json) -> Json:
    """Return details as an object: a text is their message, a list what went wrong."""
    if isinstance(details, str) and details:
        return {"message": details}
    return {"errors": details} if isinstance(details, list) and details else details


def _beside(fields: dict[str, Json], context: Json) -> dict[str, Json]:
    return fields if context is None else {**fields, "context": context}


def _says_what_failed(record: Mapping[str, Json]) -> bool:
    return record.get("error_details") is not None or any(
        "message" in source or "details" in source for source in _filled_lifecycles(record)
    )


def _lifecycles(record: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    return [fields_of(record.get(name)) for name in names("record", "lifecycle")]


def _filled_lifecycles(record: Mapping[str, Json]) -> list[dict[str, Json]]:
    return [
        found for name in names("record", "lifecycle") if type(found := record.get(name)) is dict
    ]


def _first(sources: list[Mapping[str, Json]], name: str) -> str | None:
    return next((found for source in sources if (found := first_text(source, name))), None)


def _first_message(values: list[Json]) -> str:
    return next((found for value in values if (found := message(value))), "")


def _first_details(values: list[Json]) -> ErrorDetails | None:
    return next((found for value in values if (found := error_details(value))), None)
