"""Find a refusal by a flag or a number, and the words next to it that say why."""

import re
from collections.abc import Iterator, Mapping

from retab_mcp.analysis.responses import refusal_words as words
from retab_mcp.analysis.values.json_types import as_text
from retab_mcp.models import Json

# Ends and beginnings of the names of fields that say why.
_WHY = re.compile(
    r"^(?:why|info|explanation|comment|remark|note|hint|hinweis|cause|causa|motivo|motif|grund|libelle"
    r"|issues?|problems?|messages?|meldung|mensaje|detail|details|reason|descripcion|description|texto?)"
    r"|(?:message|messages|text|msg|reason|meldung|grund|motivo|motif|libelle|issues|problems"
    r"|beschreibung|descripcion|description|detail|details)$"
)
# Fields that say that what was asked for was done.
_DONE = frozenset(
    {
        *("booked", "reserved", "delivered", "queued", "sent", "posted", "saved", "stored"),
        *("submitted", "processed", "completed", "executed", "applied", "received", "registered"),
        *("validated", "valid", "isvalid", "passed", "authorized", "authorised", "confirmed"),
        *("imported", "inserted", "placed", "scheduled", "dispatched", "published", "released"),
        *("verarbeitet", "gebucht", "gespeichert", "angenommen", "ubernommen", "versendet"),
        *("erledigt", "enregistre", "envoye", "traite", "valide", "procesado", "registrado"),
        *("enviado", "guardado", "aceptado", "salvo", "inviato", "registrato", "verwerkt"),
        *("result", "resultat", "resultado", "ergebnis", "outcome", "esito"),
    }
)
# Fields whose number is the result of a program.
_RESULTS = re.compile(
    r"^(?:rc|ret|retval|result|returnvalue|resultado|ergebnis|resultat)$"
    r"|(?:return|ret|result|rue?ckgabe|retour|retorno|rtn|status|sql|exit)_?code$|^rue?ckgabewert$"
    r"|^(?:code|codigo|cod)(?:retour|retorno|erreur|error|resultado|resultat)$"
    r"|^(?:fehler|error|erreur)(?:code|nummer|nr)$"
)
_CODES = re.compile(r"^(?:code|codigo|cod|kode)$|code$")
_ERROR_CODE = re.compile(r"(?:E|ERR|F)[-_]?\d{2,6}$", re.I)
# Data next to the flag from which on the body is a record, not a reply.
_MAX_DATA = 3
_MAX_DEPTH = 3

Fields = Mapping[str, tuple[str, Json]]


def reason_given(fields: Fields, but: str = "") -> str:
    """Return the first text under a field that says why, "" where none does."""
    for plain, (_, value) in fields.items():
        if plain != but and _WHY.search(plain) and (said := _text_in(value, 0)):
            return said
    return ""


def refused_flags(fields: Fields) -> Iterator[tuple[str, Json, str]]:
    """Yield (name, value, why) of fields that are false, with words of complaint next to them."""
    if _is_record(fields):
        return
    for plain, (name, value) in fields.items():
        said = as_text(value).strip().casefold()
        is_flag = plain in words.SUCCESS_FLAGS
        is_no = (value is False or said == "false") and (is_flag or plain in _DONE)
        is_no = is_no or (is_flag and (_number(value) == 0 or said in words.NO))
        why = reason_given(fields, plain) if is_no else ""
        if why and (words.complains(why) or _lists_problems(fields)):
            yield name, value, why


def failed_results(fields: Fields) -> Iterator[tuple[str, Json, str]]:
    """Yield (name, value, why) of results other than zero, with a complaint, or negative."""
    if _is_record(fields):
        return
    for plain, (name, value) in fields.items():
        if not _RESULTS.search(plain):
            continue
        number = _number(value)
        if number is None or number == 0:
            continue
        why = reason_given(fields, plain)
        alone = number < 0 and isinstance(value, int) and len(fields) == 1
        if alone or (why and words.complains(why)):
            yield name, value, why


def refused_outcomes(fields: Fields) -> Iterator[tuple[str, Json, str]]:
    """Yield (name, value, why) of outcomes in words: of an operation, or in an object."""
    if _is_record(fields):
        return
    for plain, (name, value) in fields.items():
        if plain.endswith(("status", "state", "outcome")) and words.means_refused(as_text(value)):
            yield name, value, reason_given(fields, plain)
        if plain in words.OUTCOME_FIELDS and isinstance(value, dict):
            said = (as_text(value.get(key)) for key in ("code", "value", "name", "status"))
            if any(map(words.means_refused, said)):
                yield name, value, ""
        if _CODES.search(plain) and _ERROR_CODE.match(as_text(value)):
            why = reason_given(fields, plain)
            if words.complains(why):
                yield name, value, why


def nothing_but_a_complaint(fields: Fields) -> str:
    """Return the complaint of a body whose other fields are all null, "" if it is no such body."""
    others = [value for plain, (_, value) in fields.items() if not _WHY.search(plain)]
    why = reason_given(fields)
    return why if others and not any(others) and None in others and words.complains(why) else ""


def _is_record(fields: Fields) -> bool:
    data = [
        plain
        for plain, (_, value) in fields.items()
        if plain not in words.ENVELOPE_FIELDS and not _WHY.search(plain) and value is not False
    ]
    return len(data) >= _MAX_DATA


def _lists_problems(fields: Fields) -> bool:
    return any(
        plain.endswith(("issues", "problems", "messages")) and isinstance(value, list) and value
        for plain, (_, value) in fields.items()
    )


def _text_in(value: Json, depth: int) -> str:
    if isinstance(value, str):
        return value.strip()
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if depth >= _MAX_DEPTH:
        return ""
    return next((said for one in inner if (said := _text_in(one, depth + 1))), "")


def _number(value: Json) -> int | None:
    if isinstance(value, str) and re.fullmatch(r"\s*-?\d{1,6}\s*", value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
