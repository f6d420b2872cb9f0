"""Check the settings, the network and the rights that an answer from Retab needs."""

import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from retab_mcp.answers.common.error_answer import describe_failure
from retab_mcp.cli.exit_codes import ExitCode
from retab_mcp.cli.hints_for_people import hint_for_people
from retab_mcp.models import ErrorKind, Run
from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.run_links import template_problem
from retab_mcp.queries.service import Service
from retab_mcp.retab.api import RetabApi
from retab_mcp.retab.base_url import is_loopback, parse_base_url
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.observer import Attempt, Observer
from retab_mcp.retab.run_list import RunFilter
from retab_mcp.settings import API_KEY_VARIABLE, BASE_URL_VARIABLE, RUN_URL_VARIABLE, Settings

# Signatures and "3 h ago" are wrong with a clock that is further off.
_MAX_CLOCK_SECONDS = 60
# Kinds of errors after which no other request can succeed.
_NO_WAY = frozenset(
    {
        *(ErrorKind.UNAUTHORIZED, ErrorKind.UNAVAILABLE, ErrorKind.TIMEOUT),
        *(ErrorKind.NOT_CONFIGURED, ErrorKind.BAD_RESPONSE, ErrorKind.RATE_LIMITED),
    }
)


class Outcome(StrEnum):
    """How a check ended; UNKNOWN is what could not be checked and is no problem."""

    GOOD = "good"
    WARNING = "warning"
    WRONG = "wrong"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Check:
    """A check: what was found, and what to do unless it is good."""

    name: str
    outcome: Outcome
    found: str
    to_do: str = ""

    @property
    def exit_code(self) -> int:
        """Return the exit code that this check alone asks for."""
        codes = {Outcome.WRONG: ExitCode.WRONG_USE, Outcome.REFUSED: ExitCode.NOT_ANSWERED}
        return codes.get(self.outcome, ExitCode.ANSWERED)

    def fields(self) -> dict[str, str]:
        """Return the check as JSON."""
        fields = {"name": self.name, "outcome": str(self.outcome), "found": self.found}
        return fields | ({"to_do": self.to_do} if self.to_do else {})


class _Dates(Observer):
    """Keeps the last time that Retab's server sent, and when that was."""

    def __init__(self) -> None:
        self.offset: float | None = None

    def attempt(self, attempt: Attempt) -> AbstractContextManager[None]:
        return self._watch(attempt)

    @contextmanager
    def _watch(self, attempt: Attempt) -> Iterator[None]:
        yield
        try:
            sent = parsedate_to_datetime(attempt.date or "")
        except ValueError:
            return
        self.offset = (datetime.now(UTC) - sent).total_seconds()


async def check_connection(settings: Settings) -> list[Check]:
    """Return the checks in the order in which to act on them."""
    key, address = _key(settings), _address(settings)
    checks = [key, address, *_link(settings), _proxy(settings)]
    if Outcome.WRONG in (key.outcome, address.outcome):
        return checks
    dates = _Dates()
    service = Service(settings.base_url, observer=dates)
    try:
        checks += await _asked(service.inspector(settings.api_key).api, settings)
    finally:
        await service.aclose()
    if dates.offset is not None:
        checks.append(_clock(dates.offset))
    return checks


def _key(settings: Settings) -> Check:
    key = settings.api_key
    if not key:
        to_do = f"Set {API_KEY_VARIABLE} to a key from Retab's dashboard."
        return Check("Key", Outcome.WRONG, f"{API_KEY_VARIABLE} is empty", to_do)
    if not key.isascii() or not key.isprintable() or " " in key:
        to_do = f"Copy the key again; {API_KEY_VARIABLE} must hold the key alone."
        return Check("Key", Outcome.WRONG, "the key has spaces or unusual characters", to_do)
    return Check("Key", Outcome.GOOD, f"{API_KEY_VARIABLE} is set ({len(key)} characters)")


def _address(settings: Settings) -> Check:
    try:
        return Check("Address", Outcome.GOOD, parse_base_url(settings.base_url))
    except ValueError as error:
        to_do = f"Correct {BASE_URL_VARIABLE}, or unset it for Retab's own address."
        return Check("Address", Outcome.WRONG, str(error), to_do)


def _link(settings: Settings) -> list[Check]:
    """Return what is wrong with the template of links, nothing if it is good or not set."""
    if problem := template_problem(settings.run_url):
        return [Check("Links", Outcome.WARNING, f"{RUN_URL_VARIABLE}: {problem}", "Correct it.")]
    return []


def _proxy(settings: Settings) -> Check:
    parts = urlsplit(settings.base_url)
    host = parts.hostname or ""
    if is_loopback(host):
        return Check("Proxy", Outcome.GOOD, "none for this machine itself")
    proxy = urllib.request.getproxies().get(parts.scheme)
    if not proxy or urllib.request.proxy_bypass(host):
        return Check("Proxy", Outcome.GOOD, "none")
    # Its address may hold a password.
    name = urlsplit(proxy if "//" in proxy else f"//{proxy}").hostname or "unreadable"
    return Check("Proxy", Outcome.GOOD, f"{name}, from the environment")


async def _asked(api: RetabApi, settings: Settings) -> list[Check]:
    """Return what a few requests show: TLS, generation and rights."""
    try:
        runs = (await api.list_runs(RunFilter(), limit=1)).runs
    except (RetabError, QuestionError) as error:
        if error.kind in _NO_WAY:
            return [*_tls(settings, error), _refused("Connection", error)]
        return [*_tls(settings, None), _refused("Runs", error)]
    checks = [*_tls(settings, None), Check("Runs", Outcome.GOOD, "the key may list runs")]
    if not runs:
        to_do = "Start a run, or use a key of the environment (test or production) that has some."
        return [*checks, Check("Generation", Outcome.UNKNOWN, "there is no run yet", to_do)]
    run = runs[0]
    found = f"{run.generation}, by the newest run"
    return [*checks, Check("Generation", Outcome.GOOD, found), *await _rights(api, run)]


async def _rights(api: RetabApi, run: Run) -> list[Check]:
    """Return which records of a run the key may read."""

    async def first_steps() -> None:
        async for _ in api.step_pages(run):
            return

    async def first_artifacts() -> None:
        async for _ in api.artifact_pages(run):
            return

    reads: dict[str, Callable[[], Awaitable[Any]]] = {
        "Steps": first_steps,
        "Artifacts": first_artifacts,
        "Configuration": partial(api.get_workflow_graph, run),
        "Reviews": partial(api.list_reviews, run),
    }
    return [await _right(name, read) for name, read in reads.items()]


async def _right(name: str, read: Callable[[], Awaitable[Any]]) -> Check:
    try:
        await read()
    except (RetabError, QuestionError) as error:
        if error.kind in (ErrorKind.UNSUPPORTED, ErrorKind.NOT_FOUND):
            return Check(name, Outcome.UNKNOWN, "this version of Retab has no list of them")
        return _refused(name, error)
    return Check(name, Outcome.GOOD, "the key may read them")


def _tls(settings: Settings, error: Exception | None) -> list[Check]:
    if urlsplit(settings.base_url).scheme == "http":
        return [Check("TLS", Outcome.GOOD, "not used on this machine itself")]
    if error is None or getattr(error, "status", None) is not None:
        return [Check("TLS", Outcome.GOOD, "the certificate is trusted")]
    return []


def _refused(name: str, error: Exception) -> Check:
    fields = describe_failure(error, {})
    return Check(
        name, Outcome.REFUSED, str(fields["error"]), hint_for_people(fields, suggest=False)
    )


def _clock(offset: float) -> Check:
    if abs(offset) <= _MAX_CLOCK_SECONDS:
        return Check("Clock", Outcome.GOOD, "agrees with Retab's")
    way = "ahead of" if offset > 0 else "behind"
    found = f"{abs(offset):.0f} s {way} Retab's"
    return Check("Clock", Outcome.WARNING, found, "Set the clock of this machine.")
