"""Read from the reason of a cancellation if the same inputs are worth another run."""

import re

# What can be the wrong one, in the languages in which people write reasons.
_THING = (
    r"(?:document|doc|file|pdf|scan|image|photo|picture|upload|attachment|input|data|page|version"
    r"|invoice|receipt|order|contract|form|statement|claim|customer|client|supplier|vendor|account"
    r"|workflow|environment|dokument|datei|rechnung|beleg|bestellung|vertrag|anhang|kunde|daten"
    r"|fichier|pi[eè]ce|facture|commande|contrat|client|donn[eé]es"
    r"|archivo|documento|factura|pedido|contrato|cliente|datos)\w*"
)
_WRONG = (
    r"(?:wrong|incorrect|mistaken|false|unrelated|outdated|not the (?:right|correct)|falsch\w*"
    r"|verkehrt\w*|veraltet\w*|mauvais\w*|incorrecte?s?|err[oó]n[eé]\w*|equivocad\w*|sbagliat\w*)"
)
_WRONG_INPUT = re.compile(
    rf"\b{_WRONG}\s+(?:[\w'-]+\s+){{0,2}}?{_THING}"
    rf"|\b{_THING}\s+(?:(?:is|was|were|are|ist|war|est|es|era)\s+)?(?:the\s+)?{_WRONG}\b",
    re.I,
)
_REPEATED = re.compile(
    r"\bduplicat\w*|\bdoppelt\w*|\bdoublon\w*|\bduplicad\w*|\bsuperseded\b|\bobsolete\b"
    r"|\bno longer (?:needed|required|wanted|relevant)\b|\bnot needed\b"
    r"|\b(?:uploaded|sent|submitted|started|imported) (?:it )?twice\b"
    r"|\balready (?:been )?(?:\w+ly )?(?:processed|handled|imported|booked|paid|done)\b",
    re.I,
)
# "Duplicate check failed", "not a duplicate", "cancelled the wrong run".
_NOT_SO = re.compile(r"\b(?:not?|kein\w*|pas) (?:a |an |un )?(?:duplicat|doppelt|doublon)", re.I)

NEW_INPUT = "it was cancelled since its input was wrong, and a restart runs the same input"
NOT_WANTED = "it was cancelled since its result is not needed, by the reason given"
NEW_RUN = "Start a new run with the right input instead of restarting this one."
NO_RUN = "Nothing needs to run again, unless the reason given was a mistake."


def is_about_wrong_input(reason: str) -> bool:
    """Return whether a person cancelled a run since it got the wrong document or data."""
    return bool(_WRONG_INPUT.search(reason))


def is_about_no_need(reason: str) -> bool:
    """Return whether a person cancelled a run since it repeats another or is not needed."""
    return bool(_REPEATED.search(reason)) and not _NOT_SO.search(reason)
