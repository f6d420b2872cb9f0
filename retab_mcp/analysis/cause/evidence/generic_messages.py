"""Recognize messages that only say that something failed: they must not hide what went wrong."""

import re

# Longer messages say something; checking their words would take time for nothing.
MAX_GENERIC = 200
# A larger number can mean something: an HTTP status, 137 for a process out of memory.
MAX_PLAIN_NUMBER = 127

_GENERIC_WORDS = (
    # Things that fail.
    "action activity api application block call child command execution executing flow function"
    " http https job loop iteration node operation part pipeline process processing processor"
    " program request requests script server service stage step steps subprocess system task"
    " tool worker workflow workflows run running runner runtime"
    # That they failed.
    " crash crashed error errors exception exceptions err exit exited fail failed"
    " fails failing failure failures fatal internal occurred happened encountered raised threw"
    " thrown unexpected unexpectedly unhandled uncaught unknown unspecified unsuccessful"
    " unsuccessfully went wrong something broken ended terminated abnormally non zero nonzero"
    # Values printed by mistake.
    " none null nil undefined nan object"
    # What surrounds them.
    " a an and all any at as be been by code could due during for from had has have id in is it its"
    " more of on one or our out please see again later try retry retries attempt attempts after"
    " while when with without the this that there to was were not no message messages reason"
    " details detail log logs information info contact support completed complete finish finished"
    " succeed successfully number status type given available provided side we you your sorry"
    # German, French, Spanish, Italian, Portuguese.
    " ein eine fehler fehlgeschlagen interner internes unbekannt unbekannter unerwarteter schritt"
    " ist aufgetreten der die das den bei beim ausführung aufgabe vorgang unerwartet abgebrochen"
    " une erreur est survenue produite s'est échec échoué de du la le les l'étape d'exécution"
    " l'exécution étape exécution inconnue interne inattendue tâche"
    " ha ocurrido se produjo un el error fallo falló fallido paso desconocido interno inesperado"
    " ejecución tarea en la al"
    " si è verificato errore passaggio sconosciuto esecuzione fallita fallito imprevisto"
    " ocorreu um erro falha falhou etapa desconhecido execução inesperada tarefa na do da"
)
_GENERIC = frozenset(_GENERIC_WORDS.split())
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+")
# "WorkflowExecutionError" is three generic words.
_INNER_WORD = re.compile(r"(?<=[a-zß-ÿ])(?=[A-Z])")
_PREFIX = re.compile(r"^(?:(?:uncaught\s+)?(?:error|exception)\s*:\s*)+", re.IGNORECASE)


def is_generic(message: str) -> bool:
    """Return whether `message` says no more than that something failed, or is empty.

    "Step failed", "[object Object]", "None" and "Internal error" do; a message with one word that
    says more, or an HTTP status, does not.
    """
    if len(message) > MAX_GENERIC:
        return False
    words = _WORD.findall(_INNER_WORD.sub(" ", message))
    return all(
        int(word) <= MAX_PLAIN_NUMBER if word.isdecimal() else word.lower() in _GENERIC
        for word in words
    )


def without_prefix(message: str) -> str:
    """Return `message` without "Error: Error: " at its start, unless nothing else is left."""
    text = message.strip()
    return _PREFIX.sub("", text) or text


def contains(message: str, part: str) -> bool:
    """Return whether `message` says `part` already, however the two are spaced and capitalized."""
    return _plain(part) in _plain(message)


def _plain(text: str) -> str:
    return " ".join(without_prefix(text).lower().split()).rstrip(".!:; ")
