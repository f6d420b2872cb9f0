"""A truncated answer is never longer than the whole, and fewer rows are never longer than more."""

from typing import Any
from unittest.mock import patch

import pydantic_core
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.answers.common import drill_down
from retab_mcp.answers.common.answer import NextCall, Part, Truncated
from retab_mcp.answers.common.drill_down import read_value
from retab_mcp.answers.common.overview import Section, overview
from retab_mcp.answers.common.rows_answer import SPARE_ROWS, fitting
from retab_mcp.digest.compact import json_tokens
from retab_mcp.models import Json
from retab_mcp.sandbox.app import create_app
from tests.samples import sample_named
from tests.support.asking import asking

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=60),
    lambda inner: st.lists(inner, max_size=12) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=60,
)
ARGUMENTS = {"run_id": "run_0123456789abcdefghijk", "step_id": "extract"}


def cost(values: Json, truncated: Truncated | None) -> int:
    return json_tokens({"values": values, **({"t": truncated.model_dump()} if truncated else {})})


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), VALUES, min_size=1))
def test_an_overview_is_never_longer_than_its_values(values: dict[str, Any]) -> None:
    sections = {name: Section(value, 30) for name, value in values.items()}
    found = overview(sections, "get_step", ARGUMENTS)
    assert cost(found.values, found.truncated) <= cost(values, None)


@given(VALUES)
def test_a_page_is_never_longer_than_its_value(value: Json) -> None:
    with patch.object(drill_down, "VALUE_BUDGET", 40):
        read = read_value({"value": value}, "/value", "get_step", dict(ARGUMENTS))
    assert cost(read.value, read.truncated) <= cost(value, None)


class Row(Part):
    """A row of any length."""

    name: str


def answer_length(rows: list[Row], total: int, limit: int, budget: int) -> tuple[int, int]:
    """Return how many of the rows are shown, and the characters of rows and `truncated`."""

    def cut(shown: int) -> Truncated | None:
        if shown == total:
            return None
        arguments = {"run_id": ARGUMENTS["run_id"], "limit": limit, "cursor": "c" * 60}
        call = NextCall(tool="list_steps", arguments=arguments)
        return Truncated(shown=shown, total=total, unit="rows", next=call)

    shown = fitting(rows[: limit + SPARE_ROWS], budget, limit=limit, left=total, cut=cut)
    parts = [*shown, *filter(None, [cut(len(shown))])]
    return len(shown), sum(len(pydantic_core.to_json(part.model_dump())) + 1 for part in parts)


@given(
    st.lists(st.integers(0, 300), min_size=1, max_size=30), st.integers(1, 30), st.integers(10, 900)
)
def test_truncated_rows_are_never_longer_than_all(
    sizes: list[int], limit: int, budget: int
) -> None:
    rows = [Row(name="n" * size) for size in sizes]
    shown, length = answer_length(rows, len(rows), limit, budget)
    _, whole = answer_length(rows, len(rows), len(rows), 1_000_000)
    assert shown >= 1
    assert length <= whole
    assert shown == len(rows) or shown <= limit


@given(st.lists(st.integers(0, 300), min_size=2, max_size=30), st.data())
def test_fewer_rows_are_never_longer_than_more(sizes: list[int], data: st.DataObject) -> None:
    rows = [Row(name="n" * size) for size in sizes]
    low = data.draw(st.integers(1, len(rows) - 1))
    high = data.draw(st.integers(low + 1, len(rows)))
    fewer, short = answer_length(rows, len(rows), low, 1_000_000)
    more, long = answer_length(rows, len(rows), high, 1_000_000)
    assert fewer <= more
    assert short <= long


@pytest.mark.parametrize("tool", ["list_steps", "search_run"])
async def test_a_higher_limit_never_shortens_the_answer(tool: str) -> None:
    sample = sample_named("claims-nested")
    run_id = sample.runs[0].id
    more = {"query": "claim"} if tool == "search_run" else {"block_id": "each-claim"}
    lengths = []
    async with asking(create_app("g3", [sample])) as asker:
        for limit in range(1, 25):
            text = await asker.text(tool, run_id=run_id, limit=limit, **more)
            lengths.append(len(text))
    assert lengths == sorted(lengths)
    assert lengths[0] < lengths[-1]
