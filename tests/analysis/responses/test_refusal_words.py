"""The names and words, in the languages of the services, by which a response refuses."""

from typing import Any

import pytest

from retab_mcp.analysis.responses.refusal import Refusal, refusal_in
from retab_mcp.analysis.responses.refusal_words import (
    complains,
    denies_error,
    means_refused,
    reports_error,
    spelling,
)


def says(body: Any) -> str | None:
    found = refusal_in(body, writes=True)
    return found.says if found is not None else None


@pytest.mark.parametrize(
    "names",
    [
        "success succeeded successful isSuccess is_successful ok is-ok accepted wasSuccessful",
        "acknowledged succes éxito exito sucesso successo Erfolg erfolgreich gelukt réussi",
        "exitosa exitoso",
    ],
)
def test_a_flag_of_success_that_is_false_refuses(names: str) -> None:
    for name in names.split():
        assert refusal_in({name: False}, writes=True) == Refusal(f"{name} is false", f"/{name}")
        assert says({name: True}) is None


@pytest.mark.parametrize(
    "names",
    [
        "failed hasProblems fehler fehlerhaft hasError has_errors isError errored rejected error errors"
    ],
)
def test_a_flag_of_failure_that_is_true_refuses(names: str) -> None:
    for name in names.split():
        assert says({name: True}) == f"{name} is true"
        assert says({name: False}) is None


@pytest.mark.parametrize(
    "names",
    [
        "error err errorInfo errorDetails fault exception errorMessage errorMsg errMsg",
        "error_description faultString failure failures failureReason rejectionReason errors",
        "Fehler Fehlermeldung erreur erreurs erro erros errore errori fout fouten",
    ],
)
def test_a_text_in_an_error_field_is_quoted(names: str) -> None:
    for name in names.split():
        assert says({name: "tenant unknown"}) == f'{name}: "tenant unknown"'


@pytest.mark.parametrize(
    "names",
    [
        "status state result outcome ack responseStatus resultStatus statusText statut estado stato",
        "Zustand Ergebnis resultado resultCode returnCode responseCode returnStatus requestStatus",
        "résultat Statuskennung état esito respuesta réponse statusCode",
    ],
)
def test_a_word_of_refusal_in_an_outcome_field_refuses(names: str) -> None:
    for name in names.split():
        assert says({name: "rejected", "id": 7}) == f'{name} is "rejected"'
        assert says({name: "posted", "id": 7}) is None


@pytest.mark.parametrize("name", ["errcode", "errorCode", "error_no", "errno"])
def test_an_error_code_other_than_zero_refuses(name: str) -> None:
    assert says({name: 40013}) == f"{name} is 40013"
    assert says({name: 0}) is None


@pytest.mark.parametrize("name", ["code", "retcode", "returnCode", "resultCode", "ret", "rc"])
def test_a_result_code_refuses_where_the_message_complains(name: str) -> None:
    assert says({name: 7, "msg": "wrong size"}) == f'{name} is 7: "wrong size"'
    assert says({name: 7, "msg": "Sprocket"}) is None


def test_a_code_of_success_refuses_nothing() -> None:
    assert says({"code": 204, "msg": "not changed"}) is None


@pytest.mark.parametrize(
    "name", ["type", "status", "severity", "level", "messageType", "msgType", "MSGTY"]
)
@pytest.mark.parametrize("kind", ["error", "FATAL", "Critical", "E", "A"])
def test_a_message_marked_as_an_error_refuses(name: str, kind: str) -> None:
    assert says({name: kind, "number": 702, "text": "Ledger closed"}) == (
        f'{name} is "{kind}": "Ledger closed"'
    )


@pytest.mark.parametrize("number", ["id", "number", "code"])
def test_a_letter_marks_an_error_only_next_to_a_number(number: str) -> None:
    assert says({"type": "E", number: "M7", "messageText": "Ledger closed"}) is not None
    assert says({"type": "E", "messageText": "Ledger closed"}) is None
    assert says({"type": "S", number: "M7", "messageText": "Posted"}) is None


@pytest.mark.parametrize("name", ["status", "statusCode", "code", "httpStatus", "http_code"])
def test_a_status_of_refusal_that_the_body_repeats_refuses(name: str) -> None:
    assert says({name: 403, "error_msg": "no"}) is not None
    assert says({name: 599, "message": "busy"}) == f'{name} is 599: "busy"'
    assert says({name: 399, "message": "moved"}) is None
    assert says({name: 600, "message": "moved"}) is None


@pytest.mark.parametrize(
    "names",
    ["accepted acceptedCount imported importedCount delivered saved processed"],
)
def test_nothing_accepted_refuses(names: str) -> None:
    for name in names.split():
        assert says({name: 0}) == f"{name} is 0"
        assert says({name: 3}) is None
        assert says({name: 0, "skipped": 0}) is None


@pytest.mark.parametrize(
    "names",
    [
        "rejected rejectedCount failed failedCount failureCount failures errorCount errorsCount",
        "numErrors errors num_failed notAccepted",
    ],
)
def test_a_count_of_what_was_refused_refuses(names: str) -> None:
    for name in names.split():
        assert says({name: 2, "sent": 5}) == f"{name} is 2"
        assert says({name: 0, "sent": 5}) is None


@pytest.mark.parametrize(
    "names",
    [
        "message msg description detail details reason title text Nachricht mensaje mensagem",
        "messaggio code errorCode type Meldung",
        "statusMessage logMessages infoMsg stopReason statusText itemDescription errorDetail",
        "moreDetails lineErrors Ablehnungsgrund Fehlerbeschreibung unMensaje motivo descripcion motif",
    ],
)
def test_the_message_next_to_an_outcome_is_quoted(names: str) -> None:
    for name in names.split():
        assert says({"id": 7, "outcome": "failed", name: "Mandant 4"}) == (
            'outcome is "failed": "Mandant 4"'
        )


@pytest.mark.parametrize(
    "names",
    [
        "data response result body d payload envelope soapBody Antwort Kopf Kopfdaten reply entête",
        "cabecera encabezado respuesta réponse Rückmeldung return meta header status responseStatus",
        "responseHeader",
        "createOrderResponse soapEnvelope httpBody queryResult",
    ],
)
def test_a_refusal_in_a_wrapper_is_found(names: str) -> None:
    for name in names.split():
        found = refusal_in({"id": 7, name: {"success": False}}, writes=True)
        name_in_path = name.replace("/", "~1")
        assert found == Refusal("success is false", f"/{name_in_path}/success")


def test_a_refusal_in_other_data_is_not_searched() -> None:
    assert refusal_in({"id": 7, "order": {"success": False}}, writes=True) is None
    assert refusal_in({"order": {"success": False}}, writes=True) is not None
    nested: Any = {"success": False}
    for _ in range(3):
        nested = {"data": nested}
    assert refusal_in(nested, writes=True) is not None
    assert refusal_in({"data": nested}, writes=True) is None


@pytest.mark.parametrize(
    "words",
    [
        "error errors err fail failed failure fault rejected reject denied declined refused invalid",
        "unsuccessful unauthorized forbidden nok ko nack aborted exception",
        "Fehler fehlgeschlagen abgelehnt ungültig erreur échec échoué rejeté rejetée refusé refusée",
        "rechazado rechazada fallido fallida erro falha falhou rejeitado rejeitada errore fallito",
        "rifiutato fout mislukt afgewezen geweigerd błąd odrzucono",
    ],
)
def test_words_of_refusal(words: str) -> None:
    for word in words.replace("błąd", "blad").split():
        assert means_refused(word), word
        assert means_refused(f"order_{word}"), word


@pytest.mark.parametrize("negation", ["not", "nicht", "no", "pas", "non", "não", "niet"])
def test_a_negated_word_of_acceptance_refuses(negation: str) -> None:
    for word in (
        *("ok", "accepted", "valid", "processed", "successful", "approved", "booked", "posted"),
        *("akzeptiert", "verarbeitet", "erfolgreich", "gebucht", "conforme", "accepté", "traité"),
        *("aceptado", "aceptada", "procesado", "procesada", "válido", "válida", "aceito"),
    ):
        assert means_refused(f"{negation} {word}"), word
        assert not means_refused(word), word


@pytest.mark.parametrize(
    "negation",
    [
        *("no", "not", "none", "without", "zero", "0", "free", "resolved", "cleared"),
        *("kein", "keine", "sans", "sin"),
    ],
)
def test_a_negated_word_of_refusal_does_not_refuse(negation: str) -> None:
    assert not means_refused(f"error {negation}")


def test_an_outcome_is_of_few_words() -> None:
    assert means_refused("one two three four failed")
    assert not means_refused("one two three four five failed")
    assert means_refused("orderFailed")
    assert not means_refused("orderfailed")
    assert not means_refused("")


@pytest.mark.parametrize("word", ["N", "no", "0", "f", "nein", "non"])
def test_a_flag_may_say_no_in_words_next_to_a_message(word: str) -> None:
    assert says({"success": word, "message": "credit"}) == f'success is "{word}": "credit"'
    assert says({"success": word}) is None


@pytest.mark.parametrize(
    "text",
    [
        *("", "0", "00", "000", "none", "null", "No", "false", "OK", "n/a", "nil", "undefined"),
        *("no error", "No errors", "success", "successful", "keine", "kein", "aucune", "ninguno"),
    ],
)
def test_texts_that_deny_an_error(text: str) -> None:
    assert denies_error(text)
    assert says({"error": text}) is None


@pytest.mark.parametrize(
    "text",
    [
        *("it failed", "invalid sum", "not found", "no such ledger", "exceeds", "access denied"),
        *(
            "unable to post",
            "cannot post",
            "can not post",
            "can't",
            "expired",
            "missing",
            "required",
        ),
        *("refused", "rejected", "unknown", "unavailable", "timed out", "timeout", "duplicate"),
        *(
            "already there",
            "forbidden",
            "unauthorized",
            "unauthorised",
            "limit",
            "wrong",
            "bad sum",
        ),
        *(
            "must be 1",
            "nicht da",
            "ungültig",
            "abgelehnt",
            "fehlt",
            "invalide",
            "refusé",
            "closed",
        ),
        *("full", "cerrado", "agotado", "erschöpft", "taken", "blocked", "busy", "conflict"),
        *("no slot free", "no slot left", "no rows found", "no slot for it", "no slot available"),
        *("insufficient", "insuficiente", "duplicado", "clôturé", "inconnu", "absent"),
        *("obligatoire", "manquant", "kein Mandant", "keine Zeile", "aucun", "error", "exhausted"),
        *("locked", "gesperrt", "unbekannt", "erreur", "pas là", "inválido", "no válido", "no se"),
        *("não", "non", "niet", "ongeldig"),
    ],
)
def test_texts_that_complain(text: str) -> None:
    assert complains(text)


@pytest.mark.parametrize("text", ["posted", "nothing", "badge", "fuller", "noted", "mustard", "ok"])
def test_texts_that_do_not_complain(text: str) -> None:
    assert not complains(text)


@pytest.mark.parametrize(
    "text",
    [
        *("ERROR: full", "err: full", "failed: full", "Failure - full", "fault; full", "NOK: x"),
        *("exception | x", "Fehler: x", "erreur: x", "erro: x", "errore: x", "fout – x"),
        *(
            "Fatal error: x",
            "internal error: x",
            "server error: x",
            " error 31: x",
            "Error E-7 : x",
        ),
    ],
)
def test_a_text_that_begins_as_a_report_of_an_error(text: str) -> None:
    assert reports_error(text)


@pytest.mark.parametrize(
    "text", ["errors: none", "error", "error:", "an error: x", "error in line 7: x", "errorx: y"]
)
def test_a_text_that_only_names_an_error(text: str) -> None:
    assert not reports_error(text)


def test_a_long_text_is_no_report() -> None:
    assert reports_error("error: " + "x" * 493)
    assert not reports_error("error: " + "x" * 494)


def test_names_are_compared_without_case_accents_and_separators() -> None:
    assert spelling("Éxito_de-la Línea 2") == "exitodelalinea2"
