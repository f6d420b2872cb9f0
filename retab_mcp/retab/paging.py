"""Read a list page by page to its end."""

from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

from retab_mcp.models import ErrorKind, Json
from retab_mcp.retab.client import MAX_BODY_BYTES, Params, Reply
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize import Rows
from retab_mcp.retab.routes import Route

# Every revision of the steps list accepts this page size: its upper bound was 20 on 29 May 2026.
LIMIT_OF_EVERY_REVISION = 20

# A page size that was halved because of its bytes is doubled again after a page this small.
GROW_UNDER_BYTES = MAX_BODY_BYTES // 4


class Get(Protocol):
    """A GET of one route with ids and query parameters, for one caller."""

    async def __call__(
        self, route: Route, ids: Mapping[str, str], params: Params | None = None
    ) -> Reply:
        """Return the response. Raises RetabError."""


# Fetch one page, given a limit and a cursor: its rows and the size of its body in bytes.
Fetch = Callable[[int, str | None], Awaitable[tuple[Rows, int]]]


@dataclass(frozen=True)
class Page:
    """Rows of a list that were not on an earlier page.

    `has_more` says whether another page follows. `unread` counts rows that exist but could not be
    read: too large, or not objects. `may_be_incomplete` says that there may be unreachable rows.
    """

    items: tuple[dict[str, Json], ...] = ()
    has_more: bool = False
    unread: int = 0
    may_be_incomplete: bool = False


async def read_pages(
    fetch: Fetch,
    id_of: Callable[[dict[str, Json]], str | None],
    *,
    limit: int,
    guess_cursor: bool = False,
    identity: Callable[[dict[str, Json]], Hashable] | None = None,
) -> AsyncIterator[Page]:
    """Yield the pages of a list, of at most `limit` rows each.

    A page that is too large is requested again at half the size; a single row that is too large
    ends the list, since there is no cursor to continue from. `id_of` returns a row's id: a row
    is yielded once, and a repeated cursor or page ends the list. `identity` returns what tells rows
    apart where their ids do not. `guess_cursor` continues after the last row of a full page without
    a cursor. Raises RetabError of any kind but too_large.
    """
    largest, after = limit, None
    # The number of next rows that contain a large one, so that the limit must not grow yet.
    wary = 0
    cursors: set[str] = set()
    identity = identity or id_of
    ids: set[Hashable] = set()
    while True:
        try:
            rows, size = await fetch(limit, after)
        except RetabError as error:
            smaller = _smaller(limit, error, first=after is None)
            if smaller is None:
                yield Page(unread=1, may_be_incomplete=True)
                return
            if error.kind == ErrorKind.TOO_LARGE:
                wary = limit
            else:
                largest = smaller
            limit = smaller
            continue
        fresh = tuple(row for row in rows.items if identity(row) not in ids)
        ids.update(found for row in fresh if (found := identity(row)))
        cursor = rows.next_cursor
        if cursor is None and guess_cursor and len(rows.items) >= limit:
            cursor = id_of(rows.items[-1])
        stuck = cursor is not None and (cursor in cursors or not fresh)
        continues = cursor is not None and not stuck
        yield Page(fresh, continues, rows.unread, stuck or not rows.found)
        if cursor is None or stuck:
            return
        cursors.add(cursor)
        after = cursor
        wary = max(0, wary - len(rows.items))
        if not wary and size < GROW_UNDER_BYTES:
            limit = min(limit * 2, largest)


def _smaller(limit: int, error: RetabError, *, first: bool) -> int | None:
    """Return the limit to try after `error`, None when not even one row can be read."""
    if error.kind == ErrorKind.TOO_LARGE:
        return limit // 2 or None
    refused = error.status == HTTPStatus.UNPROCESSABLE_ENTITY and first
    if refused and limit > LIMIT_OF_EVERY_REVISION:
        return LIMIT_OF_EVERY_REVISION
    raise error
