"""Rules about the last response of a called API."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import urlsplit

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.responses.markup import html_title
from retab_mcp.analysis.responses.refusal import refusal_in
from retab_mcp.analysis.values.json_types import as_dict, as_dicts, as_text
from retab_mcp.models import Artifact, FindingKind, Json

# Methods of requests that only read.
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
# Titles of the pages that a login, a proxy or a broken server puts in place of an answer.
_IN_PLACE = re.compile(
    r"sign.?in|log.?in|log.?on|authenticat|password|anmeld|connexion|iniciar ses|error|denied"
    r"|blocked|forbidden|unavailable|maintenance|wartung|gateway|proxy|captcha|just a moment"
    r"|verify|attention|not found|\b[45]\d\d\b",
    re.I,
)
# Hosts and paths that serve data.
_SERVES_DATA = re.compile(r"(?:^|[./-])(?:api|rest|graphql|rpc|json|v\d+)(?=[./-]|$)", re.I)


def find_refusal(artifact: Artifact) -> Iterator[Finding]:
    """Yield a finding where the last response says that the request failed.

    Its status is one of success, or the step completed in spite of it.
    """
    attempts = artifact.data.get("attempts")
    last = as_dict(attempts[-1]) if isinstance(attempts, list) and attempts else {}
    status = last.get("response_status")
    if not isinstance(status, int) or isinstance(status, bool) or not isinstance(attempts, list):
        return
    method = as_text(last.get("request_method")).upper()
    pointer = f"/attempts/{len(attempts) - 1}/response_body"
    yield from find_in_body(
        last.get("response_body"),
        f"{method} {_host_and_path(last)}".strip(),
        status=status,
        writes=method not in _READS,
        pointer=pointer,
        wants_page=_wants_page(last),
    )


def find_in_body(
    body: Json,
    request: str,
    *,
    status: int | None,
    writes: bool,
    pointer: str,
    wants_page: bool | None = None,
) -> Iterator[Finding]:
    """Yield a finding where a response's `body` says that the request failed, or is a page.

    `request` names the request in a sentence; `wants_page` says whether a page was asked for, None
    where that is unknown. `status` is the HTTP status, None where it is unknown.
    """
    answered = f"{request} answered {status}" if status is not None else f"{request} completed"
    failed = status is not None and status >= HTTPStatus.BAD_REQUEST
    found = refusal_in(body, writes=writes)
    if found is not None:
        message = f"{answered}{'' if failed else ', but the body says it failed'}: {found.says}"
        paths = (pointer + found.path,) if pointer else ()
        yield Finding(FindingKind.RESPONSE_SAYS_FAILED, message, "response_body", paths=paths)
        return
    title = html_title(body) if isinstance(body, str) else None
    if title is not None and not wants_page and (wants_page is False or _IN_PLACE.search(title)):
        message = f'{answered} with an HTML page in place of data: "{title}"'
        paths = (pointer,) if pointer else ()
        yield Finding(FindingKind.HTML_RESPONSE, message, "response_body", paths=paths)


def _wants_page(attempt: dict[str, Json]) -> bool | None:
    """Return whether a page was asked for, by the request; None where that is unknown."""
    headers = {name.casefold(): value for name, value in _headers(attempt).items()}
    accepted = as_text(headers.get("accept"))
    host_and_path = _host_and_path(attempt)
    if "html" in accepted or host_and_path.casefold().endswith((".html", ".htm")):
        return True
    if "json" in accepted or "xml" in accepted or _SERVES_DATA.search(host_and_path):
        return False
    return None if as_text(attempt.get("request_method")).upper() in _READS else False


def _headers(attempt: dict[str, Json]) -> dict[str, Json]:
    headers = attempt.get("request_headers")
    if isinstance(headers, list):
        return {as_text(each.get("name")): each.get("value") for each in as_dicts(headers)}
    return as_dict(headers)


def _host_and_path(attempt: dict[str, Json]) -> str:
    try:
        parts = urlsplit(as_text(attempt.get("request_url")))
    except ValueError:
        return ""
    return parts.netloc.rpartition("@")[2] + parts.path
