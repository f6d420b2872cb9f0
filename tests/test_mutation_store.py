"""What the measurement of mutants keeps between runs: recordings and survivors."""

import ast
from pathlib import Path

import pytest

from benchmarks.mutation import store
from benchmarks.mutation.mutants import Module, Mutant, mutants

SOURCE = """
def total(rows, most):
    return sum(rows) + 1 if rows else most + 1
"""


def mutants_of(source: str) -> list[Mutant]:
    return mutants(Module("table", Path("table.py"), ast.parse(source)))


@pytest.fixture(autouse=True)
def empty_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_STORE", tmp_path / "store")
    monkeypatch.setattr(store, "ROOT", tmp_path)


def test_survivors_are_found_again_behind_new_lines() -> None:
    before = mutants_of(SOURCE)
    ones = [each for each in before if each.change == "constant: 1 -> 2"]
    assert len(ones) == 2
    store.keep_survivors("table", ones[1:], before)
    after = mutants_of("LIMIT = 3\n" + SOURCE)
    (found,) = store.kept_survivors("table", after)
    assert found is [each for each in after if each.change == "constant: 1 -> 2"][1]


def test_survivors_whose_code_is_gone_are_dropped() -> None:
    before = mutants_of(SOURCE)
    store.keep_survivors("table", before, before)
    left = store.kept_survivors("table", mutants_of(SOURCE.replace(" + 1 if", " if")))
    assert 0 < len(left) < len(before)


def test_a_test_file_is_recorded_again_if_it_or_a_test_file_it_names_changes(
    tmp_path: Path,
) -> None:
    (tmp_path / "tests").mkdir()
    one, other = tmp_path / "tests" / "test_one.py", tmp_path / "tests" / "test_other.py"
    one.write_text("def test_one(): ...\n")
    other.write_text("from tests.test_one import test_one\n")
    directory = tmp_path / "recorded"
    part = directory / "000"
    part.mkdir(parents=True)
    current = store.hashes_of(["tests"])
    store.note_files(part, current)
    assert store.recorded_files(directory, current).keys() == current.keys()
    other.write_text("from tests.test_one import test_one  # again\n")
    assert store.recorded_files(directory, store.hashes_of(["tests"])) == {
        "tests/test_one.py": part
    }
    one.write_text("def test_one(): pass\n")
    assert store.recorded_files(directory, store.hashes_of(["tests"])) == {}


def test_tests_of_how_time_grows_are_not_recorded(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_linear.py").write_text("")
    assert store.hashes_of(["tests"]) == {}
