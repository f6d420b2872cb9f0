from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retab_mcp.digest.compact import compact_json
from retab_mcp.digest.page import first_page
from retab_mcp.digest.pointer import resolve_pointer
from retab_mcp.safety.sanitize import Sanitized, sanitize, sanitize_text
from tests.digest.strategies import KEYS, NESTED, SCALARS, VALUES
from tests.safety.keys import BY_FORM, LETTERS
from tests.support.timing import cpu_seconds

Json = Any
KEY = BY_FORM["retab live"]


def test_a_safe_value_is_returned_as_the_same_object() -> None:
    value = {"rows": [{"total": 1, "name": "Bolt"}], "note": None}
    assert sanitize(value).value is value
    assert sanitize(value).redacted == 0


def test_unchanged_parts_are_shared() -> None:
    value: dict[str, Any] = {"safe": {"rows": [1, 2]}, "other": [KEY, {"a": 1}]}
    result = sanitize(value)
    assert result == Sanitized({"safe": {"rows": [1, 2]}, "other": ["[redacted]", {"a": 1}]}, 1)
    assert result.value["safe"] is value["safe"]
    assert result.value["other"][1] is value["other"][1]
    assert value["other"][0] == KEY


@pytest.mark.parametrize(
    ("value", "safe", "count"),
    [
        ({"password": "x"}, {"password": "[redacted]"}, 1),
        (
            {"apiKey": {"a": "b", "c": ["d"]}},
            {"apiKey": {"a": "[redacted]", "c": ["[redacted]"]}},
            2,
        ),
        ({"pin_token": 1234}, {"pin_token": "[redacted]"}, 1),
        ({"tokens": 1234, "total_tokens": 9}, {"tokens": 1234, "total_tokens": 9}, 0),
        ({"password": None, "token": "", "secret": []}, None, 0),
        ({"cookies": {}, "password": True}, None, 0),
        ({"likelihoods": {"password": 0.93}}, None, 0),
        ({"properties": {"password": {"type": "string"}}}, None, 0),
        ({"password": "[redacted]"}, None, 0),
        (
            [{"name": "Authorization", "value": "x"}, {"name": "Accept", "value": "y"}],
            [{"name": "Authorization", "value": "[redacted]"}, {"name": "Accept", "value": "y"}],
            1,
        ),
        ([{"key": "X-Api-Key", "value": "x"}], [{"key": "X-Api-Key", "value": "[redacted]"}], 1),
        ([{"Name": "password", "Value": "x"}], [{"Name": "password", "Value": "[redacted]"}], 1),
        ({KEY: 1}, {"[redacted]": 1}, 1),
        ({"pass\u200bword": "x"}, {"password": "[redacted]"}, 1),
        ([f"{KEY[:9]}\u200b{KEY[9:]}"], ["[redacted]"], 1),
        (["a", "a", KEY, KEY], ["a", "a", "[redacted]", "[redacted]"], 2),
        ({"message": f"401 for {KEY}, {KEY}"}, {"message": "401 for [redacted], [redacted]"}, 2),
        (KEY, "[redacted]", 1),
        (12, 12, 0),
        (None, None, 0),
        ([[["\x00a"]]], [[["a"]]], 0),
    ],
)
def test_secrets_and_invisible_characters_are_removed(value: Json, safe: Json, count: int) -> None:
    result = sanitize(value)
    assert (result.value, result.redacted) == (value if safe is None else safe, count)


def test_keys_that_become_equal_keep_their_values() -> None:
    value = {"to\u200btal": 1, "total": 2, "tot\u200bal": 3, "total (2)": 4}
    assert sanitize(value).value == {
        "total (3)": 1,
        "total": 2,
        "total (4)": 3,
        "total (2)": 4,
    }


def test_a_list_of_lines_is_not_read_as_one_text() -> None:
    lines = ["password:", "is not given here", "token ="]
    assert sanitize(lines).value is lines


@pytest.mark.parametrize("make", [lambda inner: [inner], lambda inner: {"a": inner}])
def test_a_hundred_thousand_levels_are_accepted(make: Any) -> None:
    value: Json = KEY
    for _ in range(100_000):
        value = make(value)
    result = sanitize(value)
    assert result.redacted == 1
    found = result.value
    while not isinstance(found, str):
        found = found[0] if isinstance(found, list) else found["a"]
    assert found == "[redacted]"


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_sanitizing_twice_changes_nothing_more(value: Json) -> None:
    once = sanitize(value).value
    assert sanitize(once).value is once


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(KEYS, NESTED, max_size=4), st.sampled_from(sorted(BY_FORM)), st.data())
def test_no_part_of_a_key_is_left_anywhere(
    value: dict[str, Json], form: str, data: st.DataObject
) -> None:
    key = BY_FORM[form]
    hidden = data.draw(
        st.sampled_from(
            [key, f"see {key}!", {key: 1}, [[key]], {"headers": [{"a": key}]}, f"\u200b{key}\x00"]
        )
    )
    result = sanitize(value | {"planted": hidden})
    text = compact_json(result.value)
    assert result.redacted >= 1
    assert LETTERS[:8] not in text
    assert LETTERS[8:16] not in text
    assert key[-8:] not in text


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 60), st.integers(1, 20), st.integers(40, 80))
def test_no_slice_shows_half_a_key(start: int, length: int, budget: int) -> None:
    record = sanitize({"text": f"The server answered 401 to Bearer {KEY} on Monday"}).value
    end = min(start + length, len(record["text"]))
    if start < end:
        found = resolve_pointer(record, f"/text/{start}-{end}")
        shown = first_page(found.value, budget, found.pointer, found.start).value
        assert shown in record["text"]
        assert not any(part in shown for part in (KEY[:12], KEY[-8:], KEY[12:20]))


@settings(max_examples=100, deadline=None)
@given(st.lists(SCALARS, max_size=30))
def test_a_list_gives_the_same_as_its_texts_alone(values: list[Json]) -> None:
    """Searching all texts at once finds what searching each finds."""
    alone = [sanitize_text(item)[0] if isinstance(item, str) else item for item in values]
    assert compact_json(sanitize(values).value) == compact_json(alone)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.text(alphabet="pasword:=\"' \\\ntokeney{}[],Ba1cr-_@/", max_size=40)
        | st.sampled_from([KEY, "password=", "Bearer ", "hunter2x", "://a:b@c", '"token": "']),
        max_size=12,
    )
)
def test_a_list_of_suspicious_texts_gives_the_same_as_its_texts_alone(texts: list[str]) -> None:
    # Not as a list: what follows a name in one is its value.
    together = sanitize({str(number): text for number, text in enumerate(texts)}).value
    assert list(together.values()) == [sanitize_text(text)[0] for text in texts]
    for text in texts:
        once, _ = sanitize_text(text)
        assert sanitize_text(once) == (once, 0)


def test_time_grows_linearly_with_size() -> None:
    small, large = _rows(1_000), _rows(16_000)
    # Sixteen times as much; four times that allows for a busy machine.
    most = 64 * max(cpu_seconds(sanitize, small, rounds=2), 0.001)
    assert cpu_seconds(sanitize, large, rounds=1) < most


def _rows(count: int) -> list[Json]:
    return [
        {"id": n, "name": f"part {n}", "note": "password=hunter2" if n % 9 == 0 else "ok"}
        for n in range(count)
    ]


@pytest.mark.parametrize("place", [0, 31_000, 32_768, 100_000, 299_990])
def test_long_texts_are_redacted_like_short_ones(place: int) -> None:
    text = "the quick brown fox jumps\n" * 12_000
    text = text[:place] + f" password=Tr0ub4dor-9 {KEY} " + text[place:]
    safe, count = sanitize_text(text)
    assert count == 2
    assert "Tr0ub4dor" not in safe
    assert KEY[-8:] not in safe
    assert len(safe) > len(text) - 100


def test_a_table_longer_than_a_part_is_redacted_to_its_end() -> None:
    rows = "".join(f"user{number},Koala{number}blau\n" for number in range(20_000))
    safe, count = sanitize_text(f"user,password\n{rows}")
    assert count == 20_000
    assert "Koala" not in safe


CARD = 378282246310005


@pytest.mark.parametrize(
    ("value", "safe", "redacted", "hidden"),
    [
        ([CARD, 1], ["[redacted]", 1], 1, 0),
        ({"n": CARD, "m": [CARD]}, {"n": "[redacted]", "m": ["[redacted]"]}, 2, 0),
        ({"a\u200b": "b\u2060", "c": ["d\u00ad"]}, {"a": "b", "c": ["d"]}, 0, 3),
        ({"a\u200b": {"x": 1}}, {"a": {"x": 1}}, 0, 1),
        ({"\u200btotal": 1, "total": 2}, {"total (2)": 1, "total": 2}, 0, 1),
        (
            {"total": 2, "\u200btotal": 1, "to\u2060tal": 3},
            {"total": 2, "total (2)": 1, "total (3)": 3},
            *(0, 2),
        ),
        (
            {"password": "hunter2", "note": "password=hunter3"},
            {"password": "[redacted]", "note": "password=[redacted]"},
            *(2, 0),
        ),
        (
            {"password": "wrong: 'Tr0ub4dor9' sent", "x": CARD},
            {"password": "wrong: '[redacted]' sent", "x": "[redacted]"},
            *(2, 0),
        ),
        (["\u200bpassword=hunter2"], ["password=[redacted]"], 1, 1),
        ("\u200bpassword=hunter2", "password=[redacted]", 1, 1),
        (
            {"password=hunter2": 1, "password=hunter3": 2},
            {"password=[redacted]": 1, "password=[redacted] (2)": 2},
            *(2, 0),
        ),
        ({"a": "<|im_start|>"}, {"a": "<| im_start |>"}, 0, 1),
        ("<|im_start|>", "<| im_start |>", 0, 1),
        ("plain", "plain", 0, 0),
        (CARD, "[redacted]", 1, 0),
        (["a\n", "password=hunter2\n", "b"], ["a\n", "password=[redacted]\n", "b"], 1, 0),
        (["é", "password=hunter2", "ü"], ["é", "password=[redacted]", "ü"], 1, 0),
        (["", "", "password=hunter2"], ["", "", "password=[redacted]"], 1, 0),
    ],
    ids=range(18),
)
def test_credentials_and_hidden_characters_are_counted(
    value: Json, safe: Json, redacted: int, hidden: int
) -> None:
    assert sanitize(value) == Sanitized(safe, redacted, hidden)


@pytest.mark.parametrize("value", [[10**13 - 1, 10**13], CARD + 1, True, 1.5, [(CARD,)]])
def test_other_numbers_stay(value: Json) -> None:
    assert sanitize(value) == Sanitized(value, 0, 0)


def test_the_order_of_keys_stays() -> None:
    value = {"b": 1, "a\u200b": 2, "password": "hunter2", "0": 3}
    assert list(sanitize(value).value) == ["b", "a", "password", "0"]
