"""Time grows linearly with the length of a text, for any text."""

from collections.abc import Callable
from typing import Any

import pytest

from retab_mcp.safety.clean import clean_text
from retab_mcp.safety.instructions import speaking_paths
from retab_mcp.safety.sanitize import sanitize, sanitize_text
from tests.support.timing import cpu_seconds

# Texts that are repeated: unfinished names, quotes, keys, tags and escapes.
SHAPES = (
    *("password ", "password=", "token: none ", "authorization: foo ", "Bearer ", "cookie: a "),
    *('password="a', 'password=\\"a', "password='a'b", "password=)))", "password=none&", "\\"),
    *("eyJaaaaaaaa.", "-----BEGIN PRIVATE KEY-----", "BEGIN PRIVATE KEY AAAA", "://a:", "//a@"),
    *("password,x,", "password,x\n", "%61", "\\u0061", "4111 ", "sk-", "ghp_a", "cGFzc3dvcmQ"),
    *("\x1b]", "\x1b[0", "a\u200b", "a\ufe0f", "<|", "[INST", "<password a", "<key>password</key>"),
    *('name="password" ', "password: |\n ", "пароль ", "otp 1", "curl -u ", "password    "),
    *("&amp;", "password..", "password is the ", '[["X-Api-Key",', "ignore all previous "),
)
LENGTH = 500
DOUBLINGS = 4
# Sixteen times the text may take this many times as long: a busy machine measures unevenly.
MOST_TIMES = 64
# Seconds below which a ratio is noise.
LEAST_SECONDS = 0.1
ROUNDS = 3


def is_linear(act: Callable[[Any], object], make: Callable[[int], Any]) -> bool:
    """Return whether the time of a run grows like the size that `make` is given."""
    long = make(LENGTH << DOUBLINGS)
    if cpu_seconds(act, long, rounds=1) < LEAST_SECONDS:
        return True
    small = cpu_seconds(act, make(LENGTH), rounds=ROUNDS)
    return cpu_seconds(act, long, rounds=ROUNDS) < MOST_TIMES * small


def repeated(shape: str, length: int) -> str:
    """Return a shape repeated up to a length."""
    return (shape * (length // len(shape) + 1))[:length]


@pytest.mark.parametrize("shape", SHAPES)
def test_texts_take_linear_time(shape: str) -> None:
    assert is_linear(sanitize_text, lambda length: repeated(shape, length))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_list_of_texts_takes_linear_time(shape: str) -> None:
    assert is_linear(sanitize, lambda length: [{"a": shape} for _ in range(length // 8)])


@pytest.mark.parametrize(
    "name", ["password{}", "authorization{}", "na\u200bme{}", "name{}", "value{}", "columns{}"]
)
def test_many_keys_of_one_object_take_linear_time(name: str) -> None:
    def act(length: int) -> dict[str, Any]:
        return {name.format(number): "password" for number in range(length // 8)}

    assert is_linear(sanitize, act)


def test_keys_that_become_equal_take_linear_time() -> None:
    marks = ("\u200b", "\u2060", "\ufeff", "\u00ad")

    def act(length: int) -> dict[str, int]:
        keys = (
            "".join(marks[number >> shift & 3] for shift in range(0, 14, 2))
            for number in range(length // 8)
        )
        return {f"total{key}": 1 for key in keys}

    assert is_linear(sanitize, act)


@pytest.mark.parametrize("shape", SHAPES)
def test_cleaning_and_detecting_instructions_take_linear_time(shape: str) -> None:
    assert is_linear(clean_text, lambda length: repeated(shape, length * 4))
    assert is_linear(speaking_paths, lambda length: {"a": repeated(shape, length * 4)})


def test_a_hundred_kilobytes_of_names_take_seconds_at_most() -> None:
    assert cpu_seconds(sanitize_text, repeated("token: none ", 130_000), rounds=1) < 10
