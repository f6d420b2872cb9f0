"""Fields that artifacts of several operations share."""

from collections.abc import Iterator

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.values.json_types import as_dict, as_text
from retab_mcp.analysis.values.likelihoods import LOW_LIKELIHOOD, low_likelihoods
from retab_mcp.models import Artifact, FindingKind, Json, Status

# Pointers of the output and of the likelihoods in a record.
OUTPUT = "/output"
LIKELIHOODS = "/consensus/likelihoods"
# Fields that one finding names.
MAX_NAMED = 3


def output_of(artifact: Artifact) -> Json:
    """Return the output, None if there is none.

    Until an operation completes, Retab sends `{}` as its output, which is read as none.
    """
    output = artifact.data.get("output")
    return output if output or artifact.status in (None, Status.COMPLETED) else None


def document_name(artifact: Artifact) -> Json:
    """Return the file name of the document that was read, None if the record lacks it."""
    return as_dict(artifact.data.get("file")).get("filename")


def page_count(artifact: Artifact) -> int | None:
    """Return the number of pages of the document, None if the record lacks it."""
    data = artifact.data
    for holder in (as_dict(data.get("file")), data, as_dict(data.get("usage"))):
        count = holder.get("page_count")
        if isinstance(count, int) and not isinstance(count, bool) and count > 0:
            return count
    return None


def error_message(error: Json) -> str:
    """Return the message of an error, which is an object or plain text."""
    return as_text(error) or as_text(as_dict(error).get("message"))


def is_repeated(text: str, message: str) -> bool:
    """Return whether `message` contains `text`, which may be cut (by `clip`)."""
    return text.partition("… (+")[0].strip() in message


def find_low_likelihoods(artifact: Artifact, pointer: str) -> Iterator[Finding]:
    """Yield a finding for values with a low likelihood; paths begin with `pointer`."""
    likelihoods = as_dict(artifact.data.get("consensus")).get("likelihoods")
    low = low_likelihoods(likelihoods, artifact.data.get("output"), MAX_NAMED, pointer)
    if not low.count:
        return
    lowest = low.worst[0].likelihood
    message = (
        f"1 value has a likelihood under {LOW_LIKELIHOOD}: {lowest}"
        if low.count == 1
        else f"{low.count} values have a likelihood under {LOW_LIKELIHOOD}, lowest {lowest}"
    )
    paths = tuple(entry.path for entry in low.worst)
    yield Finding(FindingKind.LOW_LIKELIHOOD, message, "likelihoods", paths=paths)
