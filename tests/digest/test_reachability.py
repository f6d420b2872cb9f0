"""What an overview leaves out is reached by the paths it gives: a reader puts the whole together."""

from typing import Any

import pytest
from hypothesis import given, settings

from retab_mcp.digest.digest import digest
from retab_mcp.digest.encode import count_leaves, encode
from retab_mcp.digest.page import Page, page
from retab_mcp.digest.pointer import format_pointer, resolve
from retab_mcp.safety.sanitize import sanitize
from retab_mcp.sandbox.records import resolve as built
from tests.digest.strategies import VALUES
from tests.samples import all_samples

Json = Any

MOST_PAGES = 3000
SAMPLE_BUDGET = 6400
# Longer payloads of samples are more rows of the same, and take many seconds to read.
MOST_LEAVES = 20_000


class Reader:
    """Reads a record as a caller does, who knows of it only what answers say."""

    def __init__(self, record: Json, budget: int) -> None:
        self.record = record
        self.budget = budget
        self.pages = 0

    def page(self, path: str) -> Page:
        self.pages += 1
        assert self.pages < MOST_PAGES
        found = resolve(self.record, path)
        return page(found.value, self.budget, found.pointer, found.start, found.whole)

    def read(self, path: str) -> Json:
        """The value at a path, page after page."""
        part = self.page(path)
        if not part.truncated:
            return part.value
        if part.unit == "characters":
            return part.value + self.read(str(part.next_path))
        base = path.rpartition("/")[0] if self.is_slice(path) else path
        if part.unit == "values":
            return self.whole(part.value, base)
        start = resolve(self.record, path).start or 0
        if part.unit == "members":
            shown = {k: self.whole(v, base + format_pointer((k,))) for k, v in part.value.items()}
        else:
            shown = [self.whole(v, f"{base}/{start + n}") for n, v in enumerate(part.value)]
        if part.shown == part.total:
            return shown
        rest = self.read(str(part.next_path))
        return shown | rest if isinstance(shown, dict) else shown + rest

    def is_slice(self, path: str) -> bool:
        return resolve(self.record, path).start is not None

    def whole(self, shown: Json, path: str) -> Json:
        """What was shown of the value at a path, with each marker replaced by what it marks."""
        if isinstance(shown, dict):
            if "$shape" in shown:
                return self.read(path)
            return {k: self.whole(v, path + format_pointer((k,))) for k, v in shown.items()}
        if isinstance(shown, list):
            return [self.whole(v, f"{path}/{n}") for n, v in enumerate(shown)]
        return shown


def put_together(value: Json, budget: int) -> Json:
    """The value as it is read from its overview on."""
    overview = digest(value, budget, "/output").value
    return Reader({"output": value}, budget).whole(overview, "/output")


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_the_whole_is_put_together_from_what_is_shown(value: Json) -> None:
    value = sanitize(value).value
    assert encode(put_together(value, 60)) == encode(value)


@pytest.mark.parametrize("budget", [60, 400])
@pytest.mark.parametrize(
    "value",
    [
        [{"n": n, "name": f"Bolt {n}", "tags": ["a"] * (n % 5)} for n in range(900)],
        [{"text": "The supplier sent no total. " * 200, "rows": list(range(300))}] * 3,
        {f"{n}-{n + 2}": {"pages": [n] * 9} for n in range(0, 300, 2)},
        {f"{n}-150": f"page {n} of the scan" for n in range(150)},
        {"a/b": {"~": {"": ["no total " * 300, {"$.x": list(range(400))}]}}},
        {"file": "JVBERi0xLjcKJeLjz9MK" * 120, "日本": "発票の合計がない。" * 200},
        [[[n, [m] * 30] for m in range(20)] for n in range(20)],
    ],
    ids=["rows", "large-items", "ranges", "slices-as-keys", "odd-keys", "texts", "nested"],
)
def test_odd_and_large_values_are_put_together(value: Json, budget: int) -> None:
    assert put_together(value, budget) == value


def test_a_value_nested_deeper_than_an_answer_may_be_is_put_together() -> None:
    value: Json = "no total"
    for level in range(150):
        value = {"inner": value} if level % 2 else [value]
    found = put_together(value, 60)
    for _ in range(150):
        found = found["inner"] if isinstance(found, dict) else found[0]
    assert found == "no total"


@pytest.mark.parametrize("sample", all_samples(), ids=lambda sample: sample.name)
def test_the_payloads_of_samples_are_put_together(sample: Any) -> None:
    steps = [step for run in sample.runs for step in built(run.steps)[:60]]
    for step in steps:
        for handles in (step.handle_inputs, step.handle_outputs):
            value = sanitize(dict(built(handles))).value
            if value and count_leaves(value) <= MOST_LEAVES:
                assert put_together(value, SAMPLE_BUDGET) == value
