"""Block names are found as whole words and only where they are used as names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.analysis.cause.block_names import BlockNames


@pytest.mark.parametrize(
    ("names", "text", "left"),
    [
        (["rate-limit"], "Block rate-limit failed", "Block … failed"),
        (["rate-limit"], "rate-limits differ from pre-rate-limit", None),
        (["Check timeout", "Check"], "Step 'Check timeout' ended", "Step '…' ended"),
        (["condition"], "exit condition still false", None),
        (["condition"], "at step condition: stopped", "at …: stopped"),
        (["storage"], "storage (storage) stopped: no storage", "… (…) stopped: no storage"),
        (["a.b"], "a.b is not axb", "… is not axb"),
        ([None, ""], "nothing is named", None),
    ],
)
def test_name_is_removed_where_it_is_used_as_one(
    names: list[str | None], text: str, left: str | None
) -> None:
    found = BlockNames(names)
    assert found.removed_from(text) == (left or text)
    assert found.occur_in(text) == (left is not None)


@given(st.lists(st.text(max_size=8), max_size=5), st.text(max_size=60))
def test_any_names_can_be_removed_from_any_text(names: list[str], text: str) -> None:
    found = BlockNames(names)
    if not found.occur_in(text):
        assert found.removed_from(text) == text
