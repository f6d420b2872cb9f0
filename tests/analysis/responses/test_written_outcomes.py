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


def says(body: Json) -> str | None:
    found = refusal_in(body, writes=True)
    return found.says if found is not None else None


@pytest.mark.parametrize(
    "names",
    [
        "booked reserved delivered queued sent posted saved stored submitted processed completed",
        "executed applied received registered validated valid isValid passed authorized authorised",
        "confirmed imported inserted placed scheduled dispatched published released verarbeitet",
        "gebucht gespeichert angenommen übernommen versendet erledigt enregistré envoyé traité",
        "valide procesado registrado enviado guardado aceptado salvo inviato registrato verwerkt",
        "result resultat resultado Ergebnis outcome esito",
    ],
)
def test_what_was_not_done_refuses_with_a_complaint(names: str) -> None:
    for name in names.split():
        assert says({name: False, "comment": "no dock free"}) == f'{name} is false: "no dock free"'
        assert says({name: "false", "comment": "no dock free"}) is not None
        assert says({name: False, "comment": "as planned"}) is None
        assert says({name: True, "comment": "no dock free"}) is None


@pytest.mark.parametrize(
    "names",
    [
        "why info explanation comment remark note hint Hinweis cause causa motivo motif Grund libelle",
        "issue problem message Meldung mensaje detail reason descripcion description text texto",
        "userMessage logMessages someText shortMsg stopReason Ablehnungsgrund elMotivo",
        "leMotif leLibelle openIssues openProblems Beschreibung laDescripcion itemDescription",
        "moreDetail moreDetails",
    ],
)
def test_the_field_that_says_why_is_quoted(names: str) -> None:
    for name in names.split():
        assert says({"booked": False, name: "dock 4 is closed"}) == (
            'booked is false: "dock 4 is closed"'
        )


@pytest.mark.parametrize(
    "names",
    [
        "rc ret retval result returnValue resultado Ergebnis resultat returnCode retCode",
        "resultCode Rueckgabecode Ruckgabecode retourCode retornoCode rtnCode statusCode sqlCode",
        "exitCode Rueckgabewert Ruckgabewert codeRetour codigoRetorno codErreur codigoError",
        "codResultado codeResultat Fehlercode errorCode erreurNr Fehlernummer",
    ],
)
def test_a_result_other_than_zero_refuses_with_a_complaint(names: str) -> None:
    for name in names.split():
        assert says({name: "8", "info": "record locked"}) is not None, name
        assert says({name: "0", "info": "record locked"}) is None, name


def test_a_negative_result_alone_refuses() -> None:
    assert says({"result": -1}) == "result is -1"
    assert says({"result": "-1"}) is None
    assert says({"result": -1, "id": 7}) is None


def test_a_record_is_no_reply() -> None:
    reply = {"booked": False, "comment": "no dock free", "a": 1, "b": 2}
    assert says(reply) is not None
    for more in (reply | {"c": 3}, {"rc": 8, "info": "locked", "a": 1, "b": 2, "c": 3}):
        assert says(more) is None
    record = {"orderStatus": "FAILED", "a": 1}
    assert says(record) == 'orderStatus is "FAILED"'
    assert says(record | {"b": 2}) is None


@pytest.mark.parametrize("key", ["code", "value", "name", "status"])
def test_an_outcome_may_be_an_object(key: str) -> None:
    assert says({"outcome": {key: "REFUSED"}, "id": 1}) == f'outcome is {{"{key}":"REFUSED"}}'
    assert says({"outcome": {key: "DONE"}, "id": 1}) is None


@pytest.mark.parametrize("code", ["E104", "ERR-12", "F_99", "err000001"])
@pytest.mark.parametrize("name", ["codigo", "code", "cod", "kode", "bookingCode"])
def test_a_code_that_begins_like_an_error_refuses_with_a_complaint(name: str, code: str) -> None:
    assert says({name: code, "info": "closed"}) == f'{name} is "{code}": "closed"'
    assert says({name: code, "info": "opened"}) is None
    assert says({name: f"X{code}", "info": "closed"}) is None


def test_a_body_that_only_complains_is_a_refusal() -> None:
    empty = {"slot": None, "message": "No slots available"}
    assert says(empty) == 'it holds nothing but "No slots available"'
    assert says(empty | {"slot": 0}) is None
    assert says(empty | {"slot": "A"}) is None
    assert says({"message": "No slots available"}) is None
    assert says(empty | {"message": "Slots were reserved"}) is None


def test_listed_problems_are_a_complaint_whatever_their_words() -> None:
    for name in ("issues", "problems", "messages"):
        assert says({"passed": False, name: ["weight 40"]}) == 'passed is false: "weight 40"'
        assert says({"passed": False, name: []}) is None
