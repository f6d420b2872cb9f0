"""Every secret of the corpora is hidden, and nothing else in them is."""

from pathlib import Path

import pytest

from benchmarks.corpora import harmless_whole, main, secrets_hidden
from tests.safety.entries import PARTS, entries, entries_of


@pytest.mark.parametrize("part", PARTS)
def test_secrets_are_hidden(part: int) -> None:
    assert secrets_hidden(entries_of("secrets", part)).missed == []


@pytest.mark.parametrize("part", PARTS)
def test_harmless_values_are_not_redacted(part: int) -> None:
    assert harmless_whole(entries_of("harmless", part)).missed == []


def test_the_corpora_are_large() -> None:
    assert len(entries("secrets")) >= 1_500
    assert len(entries("harmless")) >= 1_500


def test_a_missed_corpus_is_reported(tmp_path: Path, capsys: object) -> None:
    (tmp_path / "secrets.jsonl").write_text('{"value": "a b c", "secret": ["b"]}\n')
    (tmp_path / "harmless.jsonl").write_text('{"value": {"password": "Tr0ub4dor-9"}}\n')
    assert main(tmp_path) == 1
