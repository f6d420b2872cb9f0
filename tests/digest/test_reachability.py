"""Everything that a digest or page leaves out can be read by the paths that it gives."""

from typing import Any

import pytest
from hypothesis import given, settings

from retab_mcp.digest.compact import compact_json, count_leaves
from retab_mcp.digest.digest import digest
from retab_mcp.digest.page import ValuePage, first_page
from retab_mcp.digest.pointer import format_pointer, resolve_pointer
from retab_mcp.safety.sanitize import sanitize
from retab_mcp.sandbox.records import resolve as built
from tests.digest.strategies import VALUES
from tests.samples import all_samples

Json = Any

MAX_PAGES = 3000
SAMPLE_BUDGET = 6400
# Larger payloads of samples only have more rows of the same kind and take seconds to read.
MAX_LEAVES = 20_000


class Reader:
    """Reads a record as a caller does, knowing only what pages show."""

    def __init__(self, record: Json, budget: int) -> None:
        self.record = record
        self.budget = budget
        self.pages = 0

    def page(self, path: str) -> ValuePage:
        self.pages += 1
        assert self.pages < MAX_PAGES
        found = resolve_pointer(self.record, path)
        return first_page(found.value, self.budget, found.pointer, found.start, found.whole)

    def read(self, path: str) -> Json:
        """Return the value at a path, read page by page."""
        part = self.page(path)
        if not part.truncated:
            return part.value
        if part.unit == "characters":
            return part.value + self.read(str(part.next_path))
        base = path.rpartition("/")[0] if self.is_slice(path) else path
        if part.unit == "values":
            return self.whole(part.value, base)
        start = resolve_pointer(self.record, path).start or 0
        if part.unit == "members":
            shown: Json = {
                k: self.whole(v, base + format_pointer((k,))) for k, v in part.value.items()
            }
        else:
            shown = [self.whole(v, f"{base}/{start + n}") for n, v in enumerate(part.value)]
        if part.shown == part.total:
            return shown
        rest = self.read(str(part.next_path))
        return shown | rest if isinstance(shown, dict) else shown + rest

    def is_slice(self, path: str) -> bool:
        return resolve_pointer(self.record, path).start is not None

    def whole(self, shown: Json, path: str) -> Json:
        """Return the shown part of the value at a path, with each marker replaced by its value."""
        if isinstance(shown, dict):
            if "$shape" in shown:
                return self.read(path)
            return {k: self.whole(v, path + format_pointer((k,))) for k, v in shown.items()}
        if isinstance(shown, list):
            return [self.whole(v, f"{path}/{n}") for n, v in enumerate(shown)]
        return shown


def read_all(value: Json, budget: int) -> Json:
    """Return the value as read from its digest onwards."""
    overview = digest(value, budget, "/output").value
    return Reader({"output": value}, budget).whole(overview, "/output")


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_any_value_is_read_completely_by_its_paths(value: Json) -> None:
    value = sanitize(value).value
    assert compact_json(read_all(value, 60)) == compact_json(value)


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
def test_odd_and_large_values_are_read_completely(value: Json, budget: int) -> None:
    assert read_all(value, budget) == value


def test_a_value_nested_deeper_than_an_answer_is_read_completely() -> None:
    value: Json = "no total"
    for level in range(150):
        value = {"inner": value} if level % 2 else [value]
    found = read_all(value, 60)
    for _ in range(150):
        found = found["inner"] if isinstance(found, dict) else found[0]
    assert found == "no total"


@pytest.mark.parametrize("sample", all_samples(), ids=lambda sample: sample.name)
def test_payloads_of_samples_are_read_completely(sample: Any) -> None:
    steps = [step for run in sample.runs for step in built(run.steps)[:60]]
    for step in steps:
        for handles in (step.handle_inputs, step.handle_outputs):
            value = sanitize(dict(built(handles))).value
            if value and count_leaves(value) <= MAX_LEAVES:
                assert read_all(value, SAMPLE_BUDGET) == value
