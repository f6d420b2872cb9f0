"""Fold messages: those that differ only in ids, numbers and quoted values become equal."""

import re

# In this order: a quoted value can contain an id, an id can contain digits.
_FOLDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"https?://[^\s'\"<>)]+"), "<url>"),
    (re.compile(r"\"[^\"\n]{0,300}\"|`[^`\n]{0,300}`|(?<!\w)'[^'\n]{0,300}'(?!\w)"), "<value>"),
    (re.compile(r"\b[0-9a-fA-F]{8}-[0-9a-fA-F-]{23,27}\b"), "<id>"),
    (re.compile(r"\b[A-Za-z]{2,16}_(?=[A-Za-z0-9_-]*\d)[A-Za-z0-9_-]{6,}"), "<id>"),
    (re.compile(r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b"), "<id>"),
    (re.compile(r"\d+(?:[.,:]\d+)*"), "<n>"),
    (re.compile(r"\s+"), " "),
)


def fold_message(message: str) -> str:
    """Return `message` with a placeholder for each part that varies from case to case.

    URLs become `<url>`, quoted values `<value>`, ids and hashes `<id>`, numbers `<n>`, runs of
    white space one space. Messages with the same result report the same failure.
    """
    for pattern, placeholder in _FOLDS:
        message = pattern.sub(placeholder, message)
    return message.strip()
