"""Find credentials in command lines and in messages with a one-time code."""

from collections.abc import Iterator

import re2  # type: ignore[import-untyped]

from retab_mcp.safety.values import Span, is_placeholder

OPTION_BYTES = 32 * 1024 * 1024  # for the states of the pattern of all commands
OPTION_PAIR = (
    rb"(?:\s|^|[\"',])(?:-u|--user|--proxy-user|-U|--userpwd)(?:[ =][\"']?|[\"'],? ?[\"']|[\"'])"
    rb"[^\s:\"'/]{1,100}:([^\s\"']{1,400})"
)
OPTION = (
    rb"\bsshpass(?:\s+-\w){0,4}\s+-p ?[\"']?([^\s\"']+)"
    rb"|\bredis-cli\b[^\n|;]{0,99}?\s-a ?[\"']?([^\s\"']+)"
    rb"|\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\n|;]{0,99}?\s-p([^\s\"']+)"
    rb"|\b(?:docker|podman|helm|az|oc|cf|skopeo|buildah|nerdctl|crane|oras)\b"
    rb"[^\n|;]{0,99}? login\b[^\n|;]{0,99}?\s-p ?[\"']?([^\s\"']+)"
    rb"|\b(?:ldapsearch|ldapadd|ldapmodify)\b[^\n|;]{0,99}?\s-w ?[\"']?([^\s\"']+)"
    rb"|-pass(?:in|out)?\s+pass:([^\s\"']+)|\bsqlcmd\b[^\n|;]{0,99}?\s-P ?[\"']?([^\s\"']+)"
    rb"|\b(?:mongo|mongosh|mongodump|mongorestore|mongoimport|mongoexport|cqlsh)\b"
    rb"[^\n|;]{0,99}?\s-p ?[\"']?([^\s\"']+)|\bnet use\b[^\n]{0,99}?/user:[^\s]+\s+([^\s\"']+)"
    rb"|\b[Cc]onvert[Tt]o-[Ss]ecure[Ss]tring(?: -String)? [\"']?([^\s\"']+)"
    rb"|\b(?:sqlplus|sqlldr|expdp|impdp)\s[^\s/]{0,40}\s?[\w.\-]{1,60}/([^\s@/\"']+)@"
    rb"|\bhttps?\s[^\n|;]{0,99}?(?:-a|--auth)[ =][\"']?[^\s:\"']{1,60}:([^\s\"']+)"
    rb"|\blftp\s[^\n|;]{0,99}?-u ?[\"']?[^\s,:\"']{1,60},([^\s\"']+)"
    rb"|\bjdbc:oracle:\w{3,4}:[\w.\-]{1,60}/([^\s@/\"']+)@"
    rb"|\bkeytool\b[^\n|;]{0,99}?\s-(?:store|key|deststore|srcstore)pass ?[\"']?([^\s\"']+)"
    rb"|\b(?:smbclient|rpcclient)\b[^\n|;]{0,99}?\s-U ?[\"']?[^\s%\"']{1,60}%([^\s\"']+)"
    rb"|\b(?:7z|zip|unzip|rar)\b[^\n|;]{0,99}?\s-[pP] ?([^\s\"']+)"
)
CODE_BEFORE = (
    rb"(?i)\b((?:[a-z]-)?[0-9]{3}[ \-]?[0-9]{1,5})\b(?: is| as|:| ist| est| es) "
    rb"(?:your|ihr|dein|votre|su|tu)\b[^\n.]{0,40}(?:code|otp|pin|tan)"
)
CODE_AFTER = (
    rb"(?i)(?:sign[- ]?in|log[- ]?in|verification|security|authentication|one[- ]time|2fa|otp"
    rb"|confirm\w*|access|passcode)\s(?:code|pin|passcode|password)[^\n0-9]{0,24}"
    rb"\b([0-9]{3}[ \-]?[0-9]{1,5})\b"
)
CODE_YOURS = (
    rb"(?i)\b(?:your|ihr|dein|votre|su|tu|il tuo|uw|je) code(?: is| ist| lautet| est| es|:)"
    rb"[^\n0-9a-z]{1,9}\b([0-9]{3}[ \-]?[0-9]{1,5})\b"
)


def _options() -> re2.Options:
    options = re2.Options()
    options.max_mem = OPTION_BYTES
    return options


_OPTION_PAIR, _OPTION = re2.compile(OPTION_PAIR), re2.compile(OPTION, _options())
_CODES = re2.compile(CODE_BEFORE), re2.compile(CODE_AFTER), re2.compile(CODE_YOURS)


def command_spans(data: bytes) -> Iterator[Span]:
    """Yield the spans of passwords among the options of commands, and of one-time codes."""
    for match in _OPTION_PAIR.finditer(data):
        if not match[1].isdigit() and not is_placeholder(match[1].decode()):
            yield match.span(1)
    for match in _OPTION.finditer(data):
        group = next(number for number in range(1, _OPTION.groups + 1) if match[number] is not None)
        if not is_placeholder(match[group].decode()) and not match[group].startswith(b"-"):
            yield match.span(group)
    for pattern in _CODES:
        yield from (match.span(1) for match in pattern.finditer(data))
