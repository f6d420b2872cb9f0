"""Responses in markup: a page for people in place of data, and faults in XML."""

import re
from html import unescape

from retab_mcp.analysis.responses.refusal_words import (
    NO,
    OUTCOME_FIELDS,
    SUCCESS_FLAGS,
    means_refused,
    spelling,
)
from retab_mcp.digest.text import clip

# Characters that are searched: titles, headings and faults come early.
_SEARCHED = 20_000
# Tokens of a title or a fault that is quoted.
_QUOTED_TOKENS = 24

_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html)\b", re.I | re.S
)
_TITLE = re.compile(r"<title[^>]{0,200}>(.{0,500}?)</title", re.I | re.S)
_HEADING = re.compile(r"<h[1-3][^>]{0,200}>(.{0,500}?)</h[1-3]", re.I | re.S)
_TAGS = re.compile(r"<(?:script|style)\b.{0,2000}?</(?:script|style)>|<[^>]{0,1000}>", re.I | re.S)
# The text of the elements by which XML reports a failure, with or without a namespace.
_FAULT = re.compile(
    r"<(?:[\w-]{1,40}:)?(?:faultstring|reason|errormessage|errordescription|errortext)\b[^>]{0,300}>"
    r"(.{1,2000}?)</",
    re.I | re.S,
)
_FAULT_ELEMENT = re.compile(r"<(?:[\w-]{1,40}:)?fault[\s>]", re.I)
_ROOT = re.compile(r"\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:[\w-]{1,40}:)?([\w.-]{1,60})")
_ERROR_ROOTS = frozenset({"error", "errors", "errorresponse", "fault", "exception", "fehler"})
# Elements of one word, and attributes of the outermost element.
_FLAG = re.compile(
    r"<(?:[\w-]{1,40}:)?(\w{1,40})\b[^>]{0,300}>\s*(\w[\w -]{0,40}?)\s*</",
    re.I,
)
_ATTRIBUTE = re.compile(r"""\b(\w{1,40})\s*=\s*["']([\w -]{1,40})["']""")
_ROOT_TAG = re.compile(r"\s*(?:<\?xml[^>]{0,200}>\s*)?<[\w:.-]{1,100}([^>]{0,1000})>")
# The first element in a list of errors.
_LISTED = re.compile(
    r"<(?:[\w-]{1,40}:)?(?:errors|fehlerliste|erreurs|errores)\b[^>]{0,300}>\s*(<.{1,2000}?)</",
    re.I | re.S,
)
_MESSAGE = re.compile(
    r"<(?:[\w-]{1,40}:)?(?:message|description|detail|text|msg|meldung|libelle|mensaje|messages?)\b[^>]{0,300}>(.{1,2000}?)</",
    re.I | re.S,
)


def html_title(body: str) -> str | None:
    """Return the title of an HTML page, else its first words; None if `body` is no page."""
    if not _HTML.match(body):
        return None
    searched = body[:_SEARCHED]
    for pattern in (_TITLE, _HEADING):
        found = pattern.search(searched)
        title = _text(found[1]) if found else ""
        if title:
            return clip(title, _QUOTED_TOKENS)
    return clip(_text(searched), _QUOTED_TOKENS)


def fault_in_xml(body: str) -> str | None:
    """Return what an XML body says about a failure, None if it reports none."""
    searched = body[:_SEARCHED]
    if _HTML.match(searched):
        return None
    root = _ROOT.match(searched)
    if _FAULT_ELEMENT.search(searched) or (root and spelling(root[1]) in _ERROR_ROOTS):
        return f"fault: {_fault_words(searched)}"
    listed = _LISTED.search(searched)
    if listed and (said := _text(listed[1])):
        return f"errors: {clip(said, _QUOTED_TOKENS)}"
    tag = _ROOT_TAG.match(searched)
    attributes = _ATTRIBUTE.findall(tag[1]) if tag else []
    for name, value in (*attributes, *_FLAG.findall(searched)):
        if _says_no(spelling(name), value):
            message = _MESSAGE.search(searched)
            said = f": {clip(_text(message[1]), _QUOTED_TOKENS)}" if message else ""
            return f"{name} is {value}{said}"
    return None


def _says_no(name: str, value: str) -> bool:
    """Return whether an element or attribute says that a request failed."""
    if name in SUCCESS_FLAGS:
        return value.casefold() in {"false", *NO}
    if name in {"code", "statuscode", "httpcode", "httpstatus"}:
        return bool(re.fullmatch(r"[45]\d\d", value))
    is_no = value.casefold() == "false" or means_refused(value)
    return is_no and (name == "stat" or name in OUTCOME_FIELDS)


def _fault_words(body: str) -> str:
    for pattern in (_FAULT, _MESSAGE):
        found = pattern.search(body)
        said = _text(found[1]) if found else ""
        if said:
            return clip(said, _QUOTED_TOKENS)
    return clip(_text(body), _QUOTED_TOKENS)


def _text(markup: str) -> str:
    return " ".join(unescape(_TAGS.sub(" ", markup)).split())
