"""The estimate compared with the true count of the o200k tokenizer."""

import json
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retab_mcp.digest.budget import estimate_tokens
from tests.digest.samples import KINDS
from tests.support.tokens import count_tokens

MOST_UNDER = 0.85
MOST_OVER = 1.35
SHORT = 50  # tokens; for shorter texts the difference is limited, not the ratio
SHORT_DISTANCE = 14


def assert_close(text: str) -> None:
    counted = count_tokens(text)
    estimated = estimate_tokens(text)
    if counted < SHORT:
        assert abs(estimated - counted) <= SHORT_DISTANCE, text
    else:
        assert MOST_UNDER <= estimated / counted <= MOST_OVER, (estimated, counted, text[:200])


@pytest.mark.parametrize("kind", KINDS)
def test_the_estimate_is_close_for_every_kind_of_text(kind: str) -> None:
    for seed in range(5):
        assert_close(KINDS[kind](random.Random(seed)))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_text_inside_json(kind: str) -> None:
    text = KINDS[kind](random.Random(11))
    assert_close(json.dumps({"value": text}, ensure_ascii=False, separators=(",", ":")))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(KINDS)), st.integers(0, 20), st.integers(100, 400)),
        min_size=3,
        max_size=6,
    )
)
def test_the_estimate_is_close_for_mixtures_of_kinds(parts: list[tuple[str, int, int]]) -> None:
    text = "\n".join(KINDS[kind](random.Random(seed))[:size] for kind, seed, size in parts)
    if count_tokens(text) >= SHORT:
        assert_close(text)


@pytest.mark.parametrize("ruler", ["=", "-", ".", "_", "*", "#"])
def test_rulers_cost_little(ruler: str) -> None:
    assert abs(estimate_tokens(ruler * 1000) - count_tokens(ruler * 1000)) < 10


@pytest.mark.parametrize("ruler", ["=", "-", "*"])
def test_rulers_between_lines_cost_little(ruler: str) -> None:
    assert_close("\n".join(f"Total of page {n}\n{ruler * 60}" for n in range(60)))


@pytest.mark.parametrize(
    ("first", "another"),
    [
        *(("À", "Á"), ("ß", "à"), ("Ā", "Ă"), ("ɐ", "ɑ"), ("Ͱ", "Ͳ"), ("Ѐ", "Ё")),
        *(("\u0600", "\u0601"), ("܀", "܁"), ("ऀ", "ँ"), ("Ⴀ", "Ⴁ"), ("ᄀ", "ᄁ"), ("ក", "ខ")),
        *(("᠀", "᠁"), ("ἀ", "ἁ"), ("⁰", "ⁱ"), ("Ⰰ", "Ⰱ"), ("\u3000", "、"), ("゠", "ァ")),
        *(("一", "三"), ("ꀀ", "ꀁ"), ("가", "각"), ("ힰ", "ힱ"), ("０", "１"), ("🀀", "🀁")),
        ("\U0001fb00", "\U0001fb01"),
    ],
)
def test_the_first_character_of_a_script_takes_as_much_as_others(first: str, another: str) -> None:
    assert estimate_tokens(f"{first} " * 30) == estimate_tokens(f"{another} " * 30)


@pytest.mark.parametrize("blank", [" ", "\n"])
def test_long_runs_of_blanks(blank: str) -> None:
    text = f"total{blank * 400}due"
    assert abs(estimate_tokens(text) - count_tokens(text)) < 10


@pytest.mark.parametrize("width", [20, 80, 200])
def test_columns_padded_with_blanks(width: int) -> None:
    assert_close("\n".join(f"total{' ' * width}{n}" for n in range(60)))


@pytest.mark.parametrize(
    "text",
    [
        "Straße Größe Maß Fuß weiß heiß Gruß Spaß dreißig draußen ",
        "一二三，一个一天一年一起一样一定",
        "가격가능국가가족가입가장추가",
    ],
)
def test_letters_that_are_the_first_of_their_script(text: str) -> None:
    assert_close(text * 10)


def test_an_empty_text_takes_no_tokens() -> None:
    assert estimate_tokens("") == 0


def test_a_single_word_takes_a_token_or_two() -> None:
    assert 1 <= estimate_tokens("total") <= 3


@given(st.text(max_size=300))
def test_never_negative(text: str) -> None:
    assert estimate_tokens(text) >= 0


def test_fast_enough_to_be_called_often() -> None:
    text = KINDS["compact_json"](random.Random(1))
    best = min(_seconds(text) for _ in range(5))
    # Ten times the usual microseconds per token, to allow for a busy machine.
    assert best / count_tokens(text) < 20e-6


def _seconds(text: str) -> float:
    start = time.process_time()
    estimate_tokens(text)
    return time.process_time() - start
