"""Patterns of the names of credentials in a text, and of what may be before and after them."""

import re

import re2  # type: ignore[import-untyped]

from retab_mcp.safety.stems import SHORT_STEMS, STEMS

_STEM = f"(?:{'|'.join(STEMS)}|(?:\\b|_)(?:{'|'.join(SHORT_STEMS)})(?:\\b|_|[0-9]))"
# What follows a name: its end, a few words at most, and what separates it from its value.
_CLOSING = r"([\\]{0,64}[\"'`*]{0,3}\]?)"
_FILLER = (
    r"(?:[ ]+(?:provided|given|used|supplied|entered|received|sent|specified|value|header|parameter"
    r"|param|field|was|\([^()\n]{1,40}\)))?"
)
_ASSIGNS = r"\s*(?:=>|:=|={1,3}|::?|-{1,3}>|<-|\()"
_SAYS = r"[ ]+(?:is|ist|lautet|lauten|est|es|sara|jest|was|now|are|e|as|to|from)[ ]*:?[ ]+"
# `password for the portal is …`: words between a name and what tells its value.
_OWNED = rf"((?:[ ][a-z\x01'.\-]{{1,24}}){{1,5}}?(?:[ ]?:[ ]|{_SAYS}))"
_SEPARATOR = (
    rf"({_ASSIGNS})\s*|({_SAYS})|{_OWNED}"
    r"|((?:[ ][^<>\n]{0,200})?>|</|\n[ \t\-]{0,40}(?:value|val|content):)\s*"
    r"|(\s*\.{3,}\s*|\s*[|]\s*|[ ]-[ ]|[ \t]{2,}|\t|[ ])"
    r"|([ ]*,[ ]*)"
)
NAMED = re2.compile(f"({_STEM}[\\w\\-\\x01]{{0,64}}){_CLOSING}{_FILLER}(?:{_SEPARATOR})".encode())
AFTER_FOREIGN = re2.compile(f"(){_CLOSING}{_FILLER}[\\x01\\x02]{{0,2}}(?:{_SEPARATOR}|)".encode())
# Groups of both: the end of the name, and the one of six separators that there is.
CLOSE, STRONG, SPOKEN, OWNER, MARKUP, BLANKS, COMMA = range(2, 9)

NAME_BYTES = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.\x01"
UNEXPECTED = re.compile(
    rb"(?:unexpected|illegal|expected|unrecognized|invalid syntax|parse error)[^\n]{0,40}\Z"
)
# The name of a stored secret, not the secret.
PAIR_OPENS = re.compile(rb"\A\(|[(\[]\Z")
IN_BRACKETS = re.compile(rb" \(([^\s()\"']{8,200})\)")
SECOND = re.compile(rb"\\*[\"']\s*,\s*(?=\\*[\"'])")
# Before a bare `key`, which in "foreign key" and "cache key" is something else.
USED = re.compile(
    rb"(?:^|\b)(?:with|using|by|uses?|used|the|my|your|our|this|that|old|new|current|previous|wrong"
    rb"|incorrect|invalid|bad|expired|revoked|rejected|provided|supplied|received|sent|mit|avec|con"
    rb"|com|met) \Z"
)
COUNT = re.compile(rb"[0-9]{1,3}(?![\w!-/])")
RESOURCE = re.compile(rb"\barn:[\w:\-]{0,90}:\Z")
# A pin of a connector and the colour tan.
AMBIGUOUS_CODE = re.compile(rb"(?:^|[^\w\-])(?:pin|tan)\Z")
HTTP_LINES = re.compile(
    rb"(?i)(?:^|\n)[ \t]*(?:host|accept|content-type|user-agent|content-length):|http/[12]|curl "
)
# What may open before a value in quotes, but for a call that reads it from elsewhere.
OPEN = re.compile(
    rb"(?:(?:\[\]|map|new )?"
    rb"(?!(?:\w{0,24}\.){0,4}(?:get|getenv|env|secrets?|config|input|var|fetch|load|lookup)\()"
    rb"[\w.:]{0,24}[({])?[\[({ ]{0,4}[bru@$]{0,2}(?=\\*[\"'`])|"
)
# A tag of YAML, the type of a variable, a pointer as Go prints it.
TYPED = re.compile(
    rb"!![a-z]{2,12}[ ]+|(?:[a-z][\w.<>\[\]?|]{0,30}|\(\*?\w{1,20}\)(?:\(0x[0-9a-f]{1,16}\))?)"
    rb"\s{0,4}=\s{0,4}(?=\\{0,9}[\"'`])"
)
# `max / …` and `max:…`: what follows must have a digit or a sign.
USER_AND_PASSWORD = re.compile(
    rb"[\w.@+\-]{1,60}(?: ?/ ?| ?\| ?|:)(?=[^\s]{0,60}[0-9!$%&?*#])([^\s/\"'<>]{6,200})"
)
HEREDOC = re.compile(rb"<<<?[\-~]?[\"']?\w{1,20}[\"']?[ \t]{0,9}\n[ \t]{0,40}([^\n]{1,400})")
OPEN_BARE = re.compile(rb"[\[({]{1,3}(?=[^\s\[\](){}\"'])")
LABEL = re.compile(
    rb"(?:\b|_)(?:name|key|label|k|id|header|field|field_?name|parameter|param|variable|property"
    rb"|header_?name|type|attribute|title|env)\\*[\"']?\s*[:=]>?\s*\\*[\"']?\Z",
    re.IGNORECASE,
)
CONTENT = re2.compile(
    rb"(?i)\\*[\"']?[\s,/]*(?:[a-z\-_]{1,20}\s*[=:]\s*\\*[\"'][^\"'<>\n]{0,60}\\*[\"'][\s,]*)?"
    rb"\\*[\"']?(?:value|val|v|content|text|data|header_?value|default|current_?value)\\*[\"']?\s*[:=]>?\s*"
    rb"|(?i)\s+-value\s+"
)
TAG_REST = re2.compile(rb"\\*[\"'][^<>]{0,200}>\s*(?:<[\w:]{1,30}>\s*){0,2}")
CODE = re.compile(rb"[0-9]{3}[ \-]?[0-9]{3}\b|[0-9]{4,8}\b")
CARD_CODE = re.compile(rb"[0-9]{3,4}\b")
# From a label in an element to the value in the next one.
NEXT_ELEMENT = re2.compile(
    rb"\s*</(?:td|th|dt|label|b|strong|span|div|p|em|name|key)>\s*"
    rb"(?:<(?:td|dd|span|div|p|code|b|strong|em|i|value)\b[^<>]{0,80}>\s*){0,3}"
)
INNER_VALUE = re2.compile(
    rb"\s*(?:<(?:\w{1,12}:)?(?:value|val|text|data|string|content|plain)\b[^<>]{0,80}>\s*){1,3}"
)
PLACE_WORD = re.compile(
    rb"\b(?:city|town|village|district|post\w*|area|region|address|delivery|location|place|state)\b"
)
PLACE_NAME = re.compile(rb",? ?\(?[A-Z][a-z]{2,}")
XML_VALUE = re2.compile(
    rb"(?i)\s*(?:</(?:\w+:)?(?:name|key|t[dh]|dt|label|b|strong|span|div)>)\s*(?:<[\w:]{1,30}[^<>]{0,80}>\s*){1,3}"
)
