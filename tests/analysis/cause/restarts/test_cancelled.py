"""What the reason of a cancellation says about another run."""

import pytest

from retab_mcp.analysis.cause.restarts.cancelled import is_about_no_need, is_about_wrong_input


@pytest.mark.parametrize(
    "reason",
    [
        *("wrong document", "Incorrect file uploaded", "the invoice was wrong", "outdated version"),
        *("not the right customer", "not the correct supplier's order", "unrelated scan"),
        *("falsche Rechnung", "Beleg ist veraltet", "verkehrtes Dokument", "mauvais fichier"),
        *("facture incorrecte", "documento equivocado", "archivo erróneo", "mistaken upload"),
        *("the data are false", "pedido sbagliato", "client erroné", "wrong page 2 photo"),
    ],
)
def test_a_wrong_input(reason: str) -> None:
    assert is_about_wrong_input(reason)


@pytest.mark.parametrize("reason", ["stopped by hand", "wrong turn", "document is fine", ""])
def test_no_wrong_input(reason: str) -> None:
    assert not is_about_wrong_input(reason)


@pytest.mark.parametrize(
    "reason",
    [
        *("Duplicate", "duplicated order", "doppelt", "doublon", "duplicado", "superseded"),
        *("obsolete", "no longer needed", "no longer required", "no longer wanted", "not needed"),
        *("no longer relevant", "uploaded twice", "sent it twice", "submitted twice"),
        *("started twice", "imported twice", "already processed", "already been paid"),
        *("already manually booked", "already handled", "already imported", "already done"),
    ],
)
def test_a_run_that_nobody_needs(reason: str) -> None:
    assert is_about_no_need(reason)


@pytest.mark.parametrize(
    "reason",
    [
        "not a duplicate",
        "no duplicate",
        "kein Duplicat",
        "pas un doublon",
        "needed",
        "paid twice a",
    ],
)
def test_a_run_that_is_needed(reason: str) -> None:
    assert not is_about_no_need(reason)
