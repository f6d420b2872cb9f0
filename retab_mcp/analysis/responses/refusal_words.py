"""Names of fields, and words in them, by which a response says that a request failed.

Names and words are compared in plain form: lower case, without accents and separators.
"""

import re
import unicodedata

# Fields that are true where a request worked.
SUCCESS_FLAGS = frozenset(
    {
        *("success", "succeeded", "successful", "issuccess", "issuccessful", "ok", "isok"),
        *("accepted", "succes", "exito", "sucesso", "successo", "erfolg", "erfolgreich"),
        *("gelukt", "reussi", "wassuccessful", "acknowledged", "exitosa", "exitoso"),
    }
)
# Fields that are true where a request failed.
FAILURE_FLAGS = frozenset(
    {
        "failed",
        "hasproblems",
        "fehler",
        "fehlerhaft",
        "haserror",
        "haserrors",
        "iserror",
        "errored",
        "rejected",
        "error",
        "errors",
    }
)
# Fields that hold what went wrong, where they hold anything.
ERROR_FIELDS = frozenset(
    {
        *("error", "errors", "err", "errorinfo", "errordetails", "fault", "exception"),
        *("errormessage", "errormsg", "errmsg", "errordescription", "faultstring"),
        *("failure", "failures", "failurereason", "rejectionreason"),
        *("fehler", "fehlermeldung", "erreur", "erreurs", "erro", "erros", "errore", "errori"),
        *("fout", "fouten"),
    }
)
# Fields whose word is the outcome.
OUTCOME_FIELDS = frozenset(
    {
        *("status", "state", "result", "outcome", "ack", "responsestatus", "resultstatus"),
        *("statustext", "statut", "estado", "stato", "zustand", "ergebnis", "resultado"),
        *("resultcode", "returncode", "responsecode", "returnstatus", "requeststatus"),
        *("resultat", "statuskennung", "etat", "esito", "respuesta", "reponse", "statuscode"),
    }
)
# Fields whose number is not 0 where a request failed.
ERROR_CODES = frozenset({"errcode", "errorcode", "errorno", "errno"})
# Fields whose number is not that of success where a request failed, and the message says so.
RESULT_CODES = frozenset({"code", "retcode", "returncode", "resultcode", "ret", "rc"})
# Fields whose letter or word is the kind of a message, and what they hold for an error.
SEVERITIES = frozenset({"type", "status", "severity", "level", "messagetype", "msgtype", "msgty"})
ERROR_SEVERITIES = frozenset({"e", "a", "error", "fatal", "critical"})
# Fields whose number is an HTTP status, as the body repeats it.
STATUS_CODES = frozenset({"status", "statuscode", "code", "httpstatus", "httpcode"})
# Fields that count what a request was about: accepted, and refused.
ACCEPTED_COUNTS = frozenset(
    {"accepted", "acceptedcount", "imported", "importedcount", "delivered", "saved", "processed"}
)
REFUSED_COUNTS = frozenset(
    {
        *("rejected", "rejectedcount", "failed", "failedcount", "failurecount", "failures"),
        *("errorcount", "errorscount", "numerrors", "errors", "numfailed", "notaccepted"),
    }
)
# Fields that name an error, and explain an outcome where no other field does.
ERROR_NAMES = ("code", "errorcode", "type")
# Fields that explain an outcome.
MESSAGE_FIELDS = (
    *("message", "errormessage", "errormsg", "errmsg", "msg", "errordescription", "description"),
    *("detail", "details", "reason", "title", "faultstring", "text", "meldung", "nachricht"),
    *("mensaje", "mensagem", "messaggio", "error", "errors"),
    *ERROR_NAMES,
)
# Ends of the names of other fields that explain one: statusMessage, fehlermeldung, failureReason.
MESSAGE_ENDS = (
    *("message", "messages", "msg", "reason", "text", "description", "detail", "details", "errors"),
    *("meldung", "grund", "beschreibung", "mensaje", "motivo", "descripcion", "motif"),
)
# Of these, the ones that data does not have.
EXPLANATIONS = ("message", "msg", "error", "errors", "errormessage", "errormsg", "errmsg")
# Fields that a response has next to its outcome; any others are data.
ENVELOPE_FIELDS = frozenset(
    {
        *SUCCESS_FLAGS,
        *FAILURE_FLAGS,
        *ERROR_FIELDS,
        *OUTCOME_FIELDS,
        *ERROR_CODES,
        *STATUS_CODES,
        *MESSAGE_FIELDS,
        *("data", "requestid", "traceid", "correlationid", "transactionid", "timestamp", "time"),
        *(
            "path",
            "instance",
            "method",
            "id",
            "help",
            "hint",
            "documentationurl",
            "meta",
            "version",
        ),
    }
)
# Fields that hold the response itself.
WRAPPERS = frozenset(
    {
        *("data", "response", "result", "body", "d", "payload", "envelope", "soapbody"),
        *("antwort", "kopf", "kopfdaten", "reply", "entete", "cabecera", "encabezado", "respuesta"),
        *(
            "reponse",
            "rueckmeldung",
            "ruckmeldung",
            "return",
            "meta",
            "header",
            "status",
            "responsestatus",
            "responseheader",
        ),
    }
)

_REFUSED = frozenset(
    {
        *(
            "error",
            "errors",
            "err",
            "fail",
            "failed",
            "failure",
            "fault",
            "rejected",
            "reject",
            "denied",
        ),
        *("declined", "refused", "invalid", "unsuccessful", "unauthorized", "forbidden", "nok"),
        *("ko", "nack", "aborted", "exception"),
        *("fehler", "fehlgeschlagen", "abgelehnt", "ungultig", "erreur", "echec", "echoue"),
        *("rejete", "rejetee", "refuse", "refusee", "rechazado", "rechazada", "fallido", "fallida"),
        *("erro", "falha", "falhou", "rejeitado", "rejeitada", "errore", "fallito", "rifiutato"),
        *("fout", "mislukt", "afgewezen", "geweigerd", "blad", "odrzucono"),
    }
)
# Words that turn an outcome into its opposite, and outcomes that they turn: "nicht ok".
_NOT = frozenset({"not", "nicht", "no", "pas", "non", "nao", "niet"})
_ACCEPTED = frozenset(
    {
        *("ok", "accepted", "valid", "processed", "successful", "approved", "booked", "posted"),
        *("akzeptiert", "verarbeitet", "erfolgreich", "gebucht", "conforme", "accepte", "traite"),
        *("aceptado", "aceptada", "procesado", "procesada", "valido", "valida", "aceito"),
    }
)
_NEGATED = frozenset(
    {
        *("no", "not", "none", "without", "zero", "0", "free", "resolved", "cleared"),
        *("kein", "keine", "sans", "sin"),
    }
)
# Texts of a flag that say no, where a message goes with it.
NO = frozenset({"n", "no", "0", "f", "nein", "non"})
# Texts in an error field that say there is no error.
_NOTHING = frozenset(
    {
        *("", "0", "00", "000", "none", "null", "no", "false", "ok", "na", "nil", "undefined"),
        *("noerror", "noerrors", "success", "successful", "keine", "kein", "aucune", "ninguno"),
    }
)
# Words of a text that complains, which a measured error or a title does not have.
_COMPLAINT = re.compile(
    r"\b(?:fail|invalid|not\b|no such|exceed|denied|unable|can ?not\b|can't|expired|missing"
    r"|required|refus|reject|unknown|unavailable|timed?[ -]?out|duplicate|already|forbidden"
    r"|unauthori[sz]ed|limit|wrong|bad\b|must\b|nicht\b|ungültig|abgelehnt|fehl|invalide|refusé"
    r"|closed|full\b|cerrad|agotad|ersch[oö]pft|taken\b|blocked|busy\b|conflict"
    r"|no \w+ (?:free|left|found|for|available)|insufficient"
    r"|insuficiente|duplicad|cl[oô]tur|inconnu|absent|obligatoire|manquant|keine?\b|aucun|ungultig"
    r"|error|exhausted|locked|gesperrt|unbekannt|erreur"
    r"|pas\b|inválid|no v[aá]lid|no se\b|não\b|non\b|niet\b|ongeldig)",
    re.I,
)
# A text that begins as a report of an error: "ERROR: quota exhausted".
_REPORT = re.compile(
    r"\s*(?:(?:fatal|internal|server)\s+)?(?:err(?:or)?|failed|failure|fault|exception|nok|fehler"
    r"|erreur|erro|errore|fout)\b\s{0,3}(?:[\w-]{1,20}\s{0,3})?[:;|–-]\s{0,3}\S",
    re.I,
)
# Characters of a report; a longer text is a file or a log that was asked for.
_MAX_REPORT = 500
# An outcome is a word or two, not a sentence.
_MAX_OUTCOME_WORDS = 5


def spelling(name: str) -> str:
    """Return a name in lower case, without accents and without anything but letters and digits."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(char for char in plain.casefold() if char.isalnum())


def means_refused(word: str) -> bool:
    """Return whether an outcome says that a request failed: `REJECTED`, `validation_failed`."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", word)
    words = [spelling(part) for part in re.split(r"[\W_]+", spaced) if part]
    if len(words) <= _MAX_OUTCOME_WORDS and _NOT & set(words) and _ACCEPTED & set(words):
        return True
    return (
        0 < len(words) <= _MAX_OUTCOME_WORDS
        and not _NEGATED.intersection(words)
        and bool(_REFUSED.intersection(words))
    )


def denies_error(text: str) -> bool:
    """Return whether the text of an error field says that there is no error."""
    return spelling(text) in _NOTHING


def complains(text: str) -> bool:
    """Return whether a text has a word of complaint."""
    return bool(_COMPLAINT.search(text))


def reports_error(text: str) -> bool:
    """Return whether a text that is the whole of a body reports an error."""
    return len(text) <= _MAX_REPORT and bool(_REPORT.match(text))
