"""A sealed value shows nothing but its size until it is opened, and then only what is safe."""

import copy
import json
import pickle
from typing import Any

import msgspec
import pytest

from retab_mcp.safety.sanitize import sanitize
from retab_mcp.safety.sealed import Sealed

SECRET = "sk_live_abcdefghijklmnop1234"


def seal(value: Any) -> Sealed:
    return Sealed(msgspec.Raw(json.dumps(value).encode()))


@pytest.mark.parametrize(
    "value",
    [
        {"password": "correct horse 7 battery"},
        {"note": f"use {SECRET}"},
        [["X-Api-Key", "d41d8cd98f00b204e9800998ecf8427e"]],
        "zero\u200bwidth",
        {"plain": [1, 2.5, None, True, "Müller"]},
    ],
)
def test_opening_gives_what_sanitizing_gives(value: Any) -> None:
    assert seal(value).open() == sanitize(value).value


def test_only_the_size_can_be_read_before_opening() -> None:
    sealed = seal({"note": SECRET})
    assert SECRET not in repr(sealed)
    assert SECRET not in str(sealed)
    assert not hasattr(sealed, "__dict__")
    readable = {name for name in dir(sealed) if not name.startswith("_")}
    assert readable == {"open", "open_all", "is_empty", "size"}
    takers: tuple[Any, ...] = (bytes, list, memoryview, dict)
    for take in takers:
        with pytest.raises(TypeError):
            take(sealed)


@pytest.mark.parametrize("write", [copy.copy, copy.deepcopy, pickle.dumps, json.dumps])
def test_a_sealed_value_is_never_written(write: Any) -> None:
    with pytest.raises(TypeError):
        write(seal(SECRET))


@pytest.mark.parametrize("value", [None, {}, [], ""])
def test_empty_values_are_known_unopened(value: Any) -> None:
    assert seal(value).is_empty
    assert not seal([value]).is_empty


def test_opening_several_at_once_gives_the_same() -> None:
    values = [{"password": "correct horse 7"}, {"note": SECRET}, {"a": 1}]
    sealed = [seal(value) for value in values]
    assert Sealed.open_all(sealed) == [one.open() for one in sealed]
