"""Bodies of every generation with fields dropped, nulled, retyped or nested 300 deep."""

from random import Random

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.retab.wires import GENERATIONS
from tests.support.fuzz import check_broken_run

# `python -m benchmarks.fuzz --minutes N` goes through many more.
EXAMPLES = 4


@pytest.mark.parametrize("generation", GENERATIONS)
@settings(max_examples=EXAMPLES)
@given(seed=st.integers(0, 2**32))
def test_status_ids_and_message_survive_any_change_of_the_rest(generation: str, seed: int) -> None:
    anyio.run(check_broken_run, generation, Random(seed))
