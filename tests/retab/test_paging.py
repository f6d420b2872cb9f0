"""Pages are read to the end of a list, and reading always ends."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retab_mcp.models import ErrorKind
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize import Rows
from retab_mcp.retab.paging import GROW_UNDER_BYTES, Page, read_pages


class Server:
    """A list of rows with sizes in bytes, and a cap on the size of a page."""

    def __init__(self, sizes: Sequence[int], cap: int = 10**9, *, tells_cursors: bool = True):
        self.rows = [{"id": f"row_{number}"} for number in range(len(sizes))]
        self.sizes = list(sizes)
        self.cap = cap
        self.tells_cursors = tells_cursors
        self.limits: list[int] = []

    async def __call__(self, limit: int, after: str | None) -> tuple[Rows, int]:
        self.limits.append(limit)
        start = 0 if after is None else int(after.removeprefix("row_")) + 1
        size = sum(self.sizes[start : start + limit])
        if size > self.cap:
            raise RetabError(ErrorKind.TOO_LARGE, "too large")
        items = tuple(self.rows[start : start + limit])
        more = start + limit < len(self.rows)
        cursor = items[-1]["id"] if items and more and self.tells_cursors else None
        return Rows(items, next_cursor=cursor), size


def id_of(row: dict[str, Any]) -> str:
    return str(row["id"])


async def read(fetch: Any, limit: int = 4, *, guess_cursor: bool = False) -> list[Page]:
    pages: AsyncIterator[Page] = read_pages(fetch, id_of, limit=limit, guess_cursor=guess_cursor)
    return [page async for page in pages]


def ids(pages: list[Page]) -> list[str]:
    return [row["id"] for page in pages for row in page.items]


async def test_pages_to_the_end() -> None:
    server = Server([1] * 10)
    pages = await read(server)
    assert ids(pages) == [row["id"] for row in server.rows]
    assert [page.has_more for page in pages] == [True, True, False]
    assert not any(page.may_be_incomplete for page in pages)


async def test_full_last_page_is_complete() -> None:
    pages = await read(Server([1] * 4))
    assert [(len(page.items), page.has_more, page.may_be_incomplete) for page in pages] == [
        (4, False, False)
    ]


async def test_a_page_that_is_too_large_is_halved_and_grows_again() -> None:
    big = GROW_UNDER_BYTES
    server = Server([1, 1, 1, big, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], cap=big)
    pages = await read(server)
    assert ids(pages) == [row["id"] for row in server.rows]
    assert server.limits == [4, 2, 2, 1, 1, 1, 2, 4, 4]


async def test_a_row_that_is_too_large_ends_the_list_and_is_counted() -> None:
    pages = await read(Server([1, 1, 99, 1], cap=50))
    assert ids(pages) == ["row_0", "row_1"]
    assert (pages[-1].unread, pages[-1].may_be_incomplete, pages[-1].has_more) == (1, True, False)


async def test_a_repeated_cursor_ends_the_list() -> None:
    async def fetch(limit: int, after: str | None) -> tuple[Rows, int]:
        return Rows(({"id": str(after)},), next_cursor="again"), 1

    pages = await read(fetch)
    assert ids(pages) == ["None", "again"]
    assert pages[-1].may_be_incomplete


async def test_a_repeated_page_ends_the_list() -> None:
    calls: list[str | None] = []

    async def fetch(limit: int, after: str | None) -> tuple[Rows, int]:
        calls.append(after)
        return Rows(({"id": "same"},), next_cursor=f"cursor_{len(calls)}"), 1

    pages = await read(fetch)
    assert ids(pages) == ["same"]
    assert (len(calls), pages[-1].may_be_incomplete) == (2, True)


async def test_missing_cursors_are_guessed() -> None:
    server = Server([1] * 10, tells_cursors=False)
    assert len(ids(await read(server))) == 4
    pages = await read(server, guess_cursor=True)
    assert len(ids(pages)) == 10
    assert not pages[-1].may_be_incomplete


async def test_a_list_that_ignores_a_guessed_cursor_may_be_incomplete() -> None:
    async def fetch(limit: int, after: str | None) -> tuple[Rows, int]:
        return Rows(tuple({"id": f"row_{number}"} for number in range(limit))), 1

    pages = await read(fetch, guess_cursor=True)
    assert (len(ids(pages)), pages[-1].may_be_incomplete) == (4, True)


async def test_a_rejected_limit_falls_back_to_one_always_accepted() -> None:
    server = Server([1] * 30)

    async def fetch(limit: int, after: str | None) -> tuple[Rows, int]:
        if limit > 20:
            server.limits.append(limit)
            raise RetabError(ErrorKind.INVALID_ARGUMENT, "limit", status=422)
        return await server(limit, after)

    assert len(ids(await read(fetch, limit=500))) == 30
    assert server.limits == [500, 20, 20]


@pytest.mark.parametrize("kind", ["not_found", "unavailable", "invalid_argument"])
async def test_other_errors_are_raised(kind: Any) -> None:
    async def fetch(limit: int, after: str | None) -> tuple[Rows, int]:
        raise RetabError(kind, "no", status=422)

    with pytest.raises(RetabError) as refused:
        await read(fetch)
    assert refused.value.kind == kind


async def test_a_body_without_a_list_may_be_incomplete() -> None:
    async def fetch(limit: int, after: str | None) -> tuple[Rows, int]:
        return Rows(found=False), 1

    assert [page.may_be_incomplete for page in await read(fetch)] == [True]


@given(st.lists(st.integers(1, 60), max_size=40), st.integers(1, 9), st.booleans())
@settings(max_examples=60)
async def test_every_row_before_the_first_unreadable_one(
    sizes: list[int], limit: int, tells_cursors: bool
) -> None:
    server = Server(sizes, cap=50, tells_cursors=tells_cursors)
    pages = await read(server, limit, guess_cursor=not tells_cursors)
    unreadable = next((index for index, size in enumerate(sizes) if size > 50), len(sizes))
    assert ids(pages) == [row["id"] for row in server.rows[:unreadable]]
    assert sum(page.unread for page in pages) == (unreadable < len(sizes))
    assert pages[-1].may_be_incomplete == (unreadable < len(sizes))
    assert [page.has_more for page in pages] == [True] * (len(pages) - 1) + [False]
