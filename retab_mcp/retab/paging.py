"""Pages of a list, read to the end whatever the list does."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

from retab_mcp.models import ErrorKind, Json
from retab_mcp.retab.client import MAX_BODY_BYTES, Params, Reply
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize import Rows
from retab_mcp.retab.routes import Route

# The only page size above 5 that every revision of the steps list took: its upper bound was 20
# on 29 May 2026.
LIMIT_OF_EVERY_REVISION = 20

# After a page that was too large had to be halved, pages grow again once a page is this small:
# twice as many rows then probably fit.
GROW_UNDER_BYTES = MAX_BODY_BYTES // 4


class Get(Protocol):
    """A GET of one route with ids and query parameters: the client's, for one caller."""

    async def __call__(
        self, route: Route, ids: Mapping[str, str], params: Params | None = None
    ) -> Reply:
        """Return the answer. Raises RetabError."""


# One page: its rows and the size of its body in bytes, for a limit and a cursor.
Fetch = Callable[[int, str | None], Awaitable[tuple[Rows, int]]]


@dataclass(frozen=True)
class Page:
    """Rows of a list that were not on an earlier page.

    `has_more` is whether another page follows. `unread` counts rows that are there and could not
    be read: too large, or no objects. `may_be_incomplete` says that there may be more rows than
    could be reached.
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
) -> AsyncIterator[Page]:
    """Yield the pages of a list, of at most `limit` rows each.

    A page that is too large is halved; a single row that is too large ends the list, as there is
    no cursor behind it. `id_of` tells a row's id: a row seen before is not yielded again, and a
    cursor or page that comes back ends the list. `guess_cursor`: a full page without a cursor
    goes on behind its last row (revisions of late May 2026 page, and never say so).
    Raises RetabError of any kind but too_large.
    """
    largest, after = limit, None
    # Rows from here among which one is known to be large: no use in asking for more at once.
    wary = 0
    cursors: set[str] = set()
    ids: set[str] = set()
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
        fresh = tuple(row for row in rows.items if id_of(row) not in ids)
        ids.update(found for row in fresh if (found := id_of(row)))
        cursor = rows.next_cursor
        if cursor is None and guess_cursor and len(rows.items) >= limit:
            cursor = id_of(rows.items[-1])
        stuck = cursor is not None and (cursor in cursors or not fresh)
        goes_on = cursor is not None and not stuck
        yield Page(fresh, goes_on, rows.unread, stuck or not rows.found)
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
