"""Short messages of real kinds of services, with the kind that each shows: half tuned, half not."""

import json
from pathlib import Path
from typing import Any

import pytest

from retab_mcp.analysis.cause.failure_kinds import CATALOGUE
from retab_mcp.analysis.cause.failure_words import kind_in_words
from retab_mcp.models import FailureKind

MESSAGES = Path(__file__).parent / "messages"
# Of all messages; a wrong kind misleads, no kind only says less.
MOST_WRONG = 0.02
MOST_UNKNOWN = 0.15


@pytest.mark.parametrize("name", ["tuned", "held_out"])
def test_kinds_of_messages(name: str) -> None:
    lines = (MESSAGES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    wrong: list[Any] = []
    unknown: list[Any] = []
    for entry in map(json.loads, lines):
        found = kind_in_words(entry["message"], is_api_call=True)
        kind = found.kind if found else None
        if kind != entry["kind"]:
            (unknown if kind is None else wrong).append((kind, entry))
    assert len(lines) >= 100
    assert len(wrong) <= MOST_WRONG * len(lines), wrong
    assert len(unknown) <= MOST_UNKNOWN * len(lines), unknown


@pytest.mark.parametrize(
    "message",
    [
        "could not connect to postgresql",
        "connect ECONNREFUSED 10.0.0.4:5432",
        "Verbindung zum Server konnte nicht hergestellt werden",
        "Impossible de se connecter",
    ],
)
def test_an_unreachable_host_is_called_api_down_in_every_block(message: str) -> None:
    found = kind_in_words(message)
    assert found is not None
    assert found.kind == FailureKind.CALLED_API_DOWN


@pytest.mark.parametrize("message", ["the connection of the two orders", "could not reconcile"])
def test_other_connections_are_no_failures_to_connect(message: str) -> None:
    assert kind_in_words(message) is None


def test_every_kind_is_explained() -> None:
    for kind in FailureKind:
        assert CATALOGUE[kind].explanation
        assert CATALOGUE[kind].suggestion
