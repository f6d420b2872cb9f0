"""A long text is read in parts, with the result of reading it at once."""

import pytest

from retab_mcp.safety import redact
from retab_mcp.safety.redact import redact_text, secret_spans_in
from tests.safety.keys import BY_FORM

KEY = BY_FORM["github"]
FILLER = "the quick brown fox jumps over it\n"


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redact, "_LONG", 600)
    monkeypatch.setattr(redact, "_PART", 200)
    monkeypatch.setattr(redact, "_MARGIN", 80)


@pytest.mark.parametrize("place", [*range(0, 700, 23), 1_900, 2_000])
@pytest.mark.usefixtures("small_parts")
def test_a_credential_at_any_place_of_a_long_text_is_redacted(place: int) -> None:
    text = FILLER * 60
    before, after = text[:place], text[place:]
    assert redact_text(f"{before} password=Tr0ub4dor-9 {KEY} {after}") == (
        f"{before} password=[redacted] [redacted] {after}",
        2,
    )
    assert redact_text(text) == (text, 0)


@pytest.mark.parametrize("gap", [0, 1, 3, 5, 8, 13, 30])
@pytest.mark.usefixtures("small_parts")
def test_credentials_at_any_distance_are_redacted(gap: int) -> None:
    parts = [f"{FILLER * gap}password=hunter{n} here\n" for n in range(5)]
    safe = [f"{FILLER * gap}password=[redacted] here\n" for _ in range(5)]
    text = FILLER * 20
    assert redact_text(text + "".join(parts) + text) == (text + "".join(safe) + text, 5)


@pytest.mark.parametrize("rows", [5, 20, 40, 150])
@pytest.mark.usefixtures("small_parts")
def test_a_table_over_several_parts_is_redacted_to_its_end(rows: int) -> None:
    table = "".join(f"user{n},Koala{n}blau\n" for n in range(rows))
    safe = "".join(f"user{n},[redacted]\n" for n in range(rows))
    text = FILLER * 20
    assert redact_text(f"{text}user,password\n{table}\n{text}") == (
        f"{text}user,password\n{safe}\n{text}",
        rows,
    )


def test_spans_that_touch_are_one() -> None:
    text = f"password={KEY}, curl -u ida:hunter2x"
    spans = secret_spans_in(text)
    assert [text[start:end] for start, end in spans] == [KEY, "hunter2x"]
    assert secret_spans_in("password=[redacted]") == []
    assert redact_text("") == ("", 0)
