"""A reply that says no by a flag, a number or a word, with what says why next to it."""

import pytest

from retab_mcp.analysis.responses.refusal import refusal_in
from retab_mcp.models import Json

# Bodies that only refuse as the answer to a request that was sent to change something.
WRITTEN: tuple[Json, ...] = (
    {"booked": False, "comment": "no dock free"},
    {"result": -1},
    {"reservation": None, "message": "No slots available"},
)
REFUSALS: tuple[Json, ...] = (
    *WRITTEN,
    {"ok": 0, "why": "warehouse closed"},
    {"acknowledged": False, "info": {"text": "slot is taken"}},
    {"isValid": False, "messages": ["IBAN checksum wrong"]},
    {"validation": {"passed": False, "issues": ["weight not allowed above 31.5"]}},
    {"verarbeitet": False, "fehlertext": "Artikel gesperrt"},
    {"resultat": "échec", "detail": "référence inconnue"},
    {"ergebnis": "NICHT OK", "hinweis": "Kunde gesperrt"},
    {"etat": "REJETÉ", "motif": "doublon"},
    {"esito": "KO", "descrizione": "partita IVA errata"},
    {"antwort": {"kopf": {"status": "abgelehnt"}, "text": "Kontingent erschöpft"}},
    {"resultado": False, "motivo": "pedido duplicado"},
    {"codigoError": 305, "descripcionError": "Fecha no válida"},
    {"codigo": "E104", "mensaje": "Almacén cerrado"},
    {"rueckgabecode": 8, "rueckgabetext": "Satz nicht gefunden"},
    {"codeRetour": "1", "messageRetour": "champ obligatoire absent"},
    {"RC": 12, "RCTEXT": "record locked"},
    {"outcome": {"code": "REFUSED", "text": "limit exceeded"}},
    {"operation": "create", "operationStatus": "FAILURE", "operationMessage": "SKU unknown"},
    {"d": {"results": [{"Status": "E", "Message": "Period closed", "Number": "021"}]}},
    '<response status="error"><message>Unknown depot</message></response>',
    '<Result><Errors><Error Code="12">Zip missing</Error></Errors></Result>',
    "<Antwort><Erfolg>false</Erfolg><Meldung>Mandant fehlt</Meldung></Antwort>",
    "<rsp><code>500</code><msg>broken</msg></rsp>",
)
HARMLESS: tuple[Json, ...] = (
    *({"errors": []}, {"error": None}, {"warnings": ["rounded"]}, {"result": 1}, {"result": 0}),
    *({"balance": -1}, {"result": -1.5, "unit": "C"}, {"codeRetour": "0"}, {"RC": 0, "RCTEXT": ""}),
    {"isValid": True, "messages": []},
    {"completed": False, "percent": 30, "job": "J1"},
    {"valid": False, "vat": "FR1"},
    {"gift": False, "comment": "must not be tilted"},
    {"is_business": False, "name": "Bad Homburg GmbH", "info": "closed on Sundays"},
    {"ticket": 7, "resolved": False, "message": "Printer error reported"},
    {"codigo": "A104", "mensaje": "Pedido creado"},
    {"resultCode": "00", "resultMessage": "Approved"},
    {"reservation": {"id": 1}, "message": "Slot reserved, no deposit required"},
    {"ergebnis": "OK", "hinweis": "keine Fehler"},
    {"messages": [{"severity": "warning", "text": "not urgent"}]},
    *("<Result><Errors/></Result>", "<a><Erfolg>true</Erfolg></a>", '<response status="ok"/>'),
)


@pytest.mark.parametrize("body", REFUSALS)
def test_reply_that_says_no(body: Json) -> None:
    assert refusal_in(body, writes=True) is not None


@pytest.mark.parametrize("body", HARMLESS)
@pytest.mark.parametrize("writes", [True, False])
def test_reply_that_looks_like_no(body: Json, writes: bool) -> None:
    assert refusal_in(body, writes=writes) is None


@pytest.mark.parametrize("body", WRITTEN)
def test_data_that_was_read_is_no_reply(body: Json) -> None:
    assert refusal_in(body, writes=False) is None
