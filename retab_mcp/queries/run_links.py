"""The address of a run for people to open: from a template, or like a URL that was pasted.

No address is guessed: without either there is none. A pasted one counts only on the host of the
API, or on one next to it, since text from a document may have led to it.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from cachetools import LRUCache

from retab_mcp.analysis.step_ids import WRAPPING
from retab_mcp.queries.ids import RUN, WORKFLOW
from retab_mcp.retab.base_url import is_loopback
from retab_mcp.retab.routes import MAX_ID_CHARS

RUN_PLACE, WORKFLOW_PLACE = "{run_id}", "{workflow_id}"
# Callers whose pasted URL is remembered, in a service for many.
_MAX_CALLERS = 1_000
_MAX_URL_CHARS = 500
_PLACES = re.compile(r"\{(run_id|workflow_id)\}")
# Letters of a URL that end no Markdown link and no word.
_SAFE = re.compile(r"[A-Za-z0-9./:?&=%#~_{}-]+")
_API_LABEL = "api"


class RunLinks:
    """Addresses of runs by `template`, or by the last URL that each caller pasted."""

    def __init__(self, template: str, base_url: str) -> None:
        """Take the template ("" for none) and the address of the API.

        A template that `template_problem` complains about is not used.
        """
        self._template = "" if template_problem(template) else template.strip()
        self._api_host = urlsplit(base_url).hostname or ""
        self._learned: LRUCache[str, str] = LRUCache(_MAX_CALLERS)

    def of(self, caller: str) -> "CallerLinks":
        """Return the links of one caller."""
        return CallerLinks(self, caller)

    def learn(self, caller: str, text: str) -> None:
        """Remember how the URL of a run in `text` is made, if it is one."""
        if self._template or len(text) > _MAX_URL_CHARS:
            return
        for word in text.split():
            if template := _template_of(word.strip(WRAPPING), self._api_host):
                self._learned[caller] = template

    def link(self, caller: str, run_id: str, workflow_id: str | None) -> str | None:
        """Return the address of a run, None if it is not known."""
        template = self._template or self._learned.get(caller, "")
        if not template or (WORKFLOW_PLACE in template and not workflow_id):
            return None
        ids = {"run_id": run_id, "workflow_id": workflow_id or ""}
        return _PLACES.sub(lambda found: quote(ids[found[1]][:MAX_ID_CHARS], safe=""), template)


class CallerLinks:
    """The links of one caller."""

    def __init__(self, links: RunLinks, caller: str) -> None:
        self._links = links
        self._caller = caller

    def learn_from(self, arguments: Mapping[str, Any]) -> None:
        """Learn from the URLs of runs among the arguments of a call."""
        for name in ("run_id", "other_run_id"):
            if isinstance(text := arguments.get(name), str):
                self._links.learn(self._caller, text)

    def link(self, run_id: str, workflow_id: str | None) -> str | None:
        """Return the address of a run, None if it is not known."""
        return self._links.link(self._caller, run_id, workflow_id)


def template_problem(template: str) -> str:
    """Return what is wrong with a template; "" for a good or an empty one."""
    given = template.strip()
    if not given:
        return ""
    if not _is_web_address(given):
        return "it must start with https://"
    if RUN_PLACE not in given:
        return "it must contain {run_id}"
    if set("{}") & set(_PLACES.sub("", given)) or not _SAFE.fullmatch(given):
        return "only {run_id} and {workflow_id} are replaced, and it must be a plain URL"
    return ""


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = parts.hostname or ""
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    return safe and bool(host) and "@" not in parts.netloc and "{" not in parts.netloc


def _template_of(url: str, api_host: str) -> str:
    """Return the template of the URL of a run; "" for another URL, or one of a foreign host.

    Only ids are kept of its query, which may hold a token.
    """
    if not _is_web_address(url):
        return ""
    parts = urlsplit(url)
    if not _is_next_to(parts.hostname or "", api_host):
        return ""
    path = "/".join(_place(segment) for segment in parts.path.split("/"))
    fields = [(name, _place(value)) for name, value in parse_qsl(parts.query)]
    query = "&".join(f"{quote(name)}={place}" for name, place in fields if place[:1] == "{")
    template = f"{parts.scheme}://{parts.netloc}{path}" + (f"?{query}" if query else "")
    return "" if template_problem(template) else template


def _place(part: str) -> str:
    text = unquote(part)
    if text.startswith(RUN.prefixes):
        return RUN_PLACE
    return WORKFLOW_PLACE if text.startswith(WORKFLOW.prefixes) else part


def _is_next_to(host: str, api_host: str) -> bool:
    """Return whether a host is the API's, or in the domain that api.domain is in."""
    label, _, domain = api_host.partition(".")
    if label.startswith(_API_LABEL) and "." in domain:
        return host == domain or host.endswith(f".{domain}")
    return host == api_host
