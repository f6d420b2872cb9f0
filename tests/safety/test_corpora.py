from pathlib import Path

from benchmarks.corpora import LEAST_SHARE, harmless_whole, main, read_entries, secrets_hidden

CORPORA = Path(__file__).parent / "corpora"


def test_secrets_are_hidden() -> None:
    hidden = secrets_hidden(read_entries(CORPORA / "secrets.jsonl"))
    assert hidden.total >= 150
    assert hidden.share >= LEAST_SHARE, hidden.missed


def test_harmless_values_are_not_redacted() -> None:
    whole = harmless_whole(read_entries(CORPORA / "harmless.jsonl"))
    assert whole.total >= 120
    assert whole.share >= LEAST_SHARE, whole.missed


def test_a_missed_corpus_is_reported(tmp_path: Path, capsys: object) -> None:
    (tmp_path / "secrets.jsonl").write_text('{"value": "a b c", "secret": ["b"]}\n')
    (tmp_path / "harmless.jsonl").write_text('{"value": {"password": "Tr0ub4dor-9"}}\n')
    assert main(tmp_path) == 1
