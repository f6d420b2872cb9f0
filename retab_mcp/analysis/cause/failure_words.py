"""Words in error messages that show the kind of a failure."""

import re
from collections.abc import Container
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import re2  # type: ignore[import-untyped]

from retab_mcp.models import FailureKind

# Maximum characters read of a message, which can be a whole web page.
MAX_MESSAGE = 4_000
# For the states of a pattern, which are made as they are met.
_PATTERN_BYTES = 32 * 1024 * 1024
# Maximum characters of the words quoted as the reason.
MAX_WORDS = 60

_FEW = r"(?:\w+\W+){0,4}?"
_NEAR = r"\b.{0,60}?\b"
_COULD_NOT = r"(?:could ?n[o']t|can ?n[o']t|unable to|fail\w* to|failure to|error)"
_FAILS = (
    r"(?:fail\w*|error|denied|unavailable|not (?:found|exist)|refused|full|time[d-]? ?out|missing)"
)
_DOCUMENT = r"(?:pdf|document|docx?|xlsx?|file|image|attachment|scan|archive|workbook|spreadsheet)"
_BROKEN = r"(?:corrupt\w*|damaged|malformed|truncated|unreadable|encrypted|blank|locked|empty)"
_READ = r"(?:open|read|decode|render|rasteri[sz]e|convert|parse|load|identify)(?:e?d)?"
# Not credit notes, budgets and input tax: documents are about these.
_CREDIT = (
    r"(?:credits?(?! (?:memos?|notes?))|quota|balance|funds|allowance"
    r"|(?:spend\w*|usage) (?:budget|limit))"
)
_INPUT = r"(?:inputs?(?! (?:tax|vat))|input handles?|handles?|upstream (?:data|value|output))"
_STORE = r"(?:storage|bucket|blob|object store|(?:get|head|put) ?object|s3|gcs|disk)"
_KEY = r"(?:api[ -]?key|(?:access |bearer |refresh )?token|credentials?|client secret|password)"
_CAME = r"(?:received|provided|supplied|available|given|sent|arrived|passed)"
# Blocks before this one; not the "upstream" of proxies and the attempts of clients.
_BEFORE = (
    r"(?:upstream|preceding|previous|parent|dependency)"
    r"(?! (?:attempt|connect|host|proxy|request|response|server|service|try))"
)
_TYPE = r"(?:file|mime|media|document|image)\W?(?:type|extension|format)"
_OVER = r"(?:exceed(?:s|ed)?|larger than|over|more than|limit of)"
_SIZE = (
    r"(?:\d+ ?(?:[kmg]i?b|bytes|dpi|megapixels?|mp|pages|px)"
    r"|(?:maximum|max|allowed) (?:\w+ )?(?:size|pages|resolution|dimensions))\b"
)
_WAY = r"(?:branch|route|category|condition|output handle)"

# The first kind whose words occur is the kind, so narrow ones come first: "quota of 60 requests per
# minute" is a rate, "could not store the output: timed out" is the storage.
_WORDS: tuple[tuple[FailureKind, tuple[str, ...]], ...] = (
    (
        FailureKind.RATE_LIMITED,
        (
            r"rate[ -]?limit\w*",
            r"too many requests",
            r"throttl\w+",
            r"reduce (?:the |your )?(?:request )?rate",
            r"requests? per (?:second|minute|hour|day)",
            r"429 resource exhausted",
            r"too many (?:\w+ )?(?:calls|messages|connections)",
            r"(?:calls|messages) per (?:second|minute|hour|day)",
            r"(?:zu viele|trop de|demasiad[ao]s) (?:anfragen|requ\wtes|solicitudes|peticiones)",
        ),
    ),
    (
        FailureKind.CREDITS_EXHAUSTED,
        (
            rf"(?:insufficient|not enough|out of|no more|exhausted|exceeded)\W+{_FEW}{_CREDIT}",
            rf"{_CREDIT}\W+{_FEW}(?:exhausted|exceeded|used up|depleted|insufficient)",
            rf"{_CREDIT}\W+{_FEW}(?:reached|spent|too low|empty|run out|ran out)",
            r"payment required",
            r"billing (?:hard )?limit",
            rf"no (?:available|remaining) {_CREDIT}",
            r"quota\W+(?:\w+\W+){0,6}?(?:exceeded|exhausted|reached)",
            r"(?:kontingent|guthaben|solde|saldo|cr\wditos?|cr\wdits)\W+(?:\w+\W+){0,3}?"
            r"(?:ersch\wpft|aufgebraucht|verbraucht|\wpuis\w+|insuffisant\w*|insuficiente|agotad\w+)",
        ),
    ),
    (
        FailureKind.LOOP_LIMIT,
        (
            r"max(?:imum)?\W+(?:(?:number|count) of |allowed )?(?:loop )?iterations?",
            r"iteration (?:limit|cap|budget)",
            r"(?:limit|cap|maximum) of \d+ (?:iterations|rounds|passes|turns)",
            r"loop (?:limit|never (?:ended|terminated)|did not (?:end|terminate))",
            r"exceeded \d+ (?:iterations|rounds|passes|turns)",
            r"(?:exit|end|stop|termination) condition\W+(?:\w+\W+){0,2}?(?:never|still|not)",
        ),
    ),
    (
        FailureKind.DOCUMENT_UNREADABLE,
        (
            r"password[ -]?protected",
            r"password ?error",
            r"(?:requires|needs|without) (?:a|the|an owner|a user) password",
            rf"{_BROKEN}\W+(?:\w+ )?{_DOCUMENT}",
            rf"{_DOCUMENT}\W+{_FEW}(?:is|was|be|seems|looks) {_BROKEN}",
            rf"(?:{_DOCUMENT}|pages?)\W+{_FEW}(?:not|n[o']t) be {_READ}",
            rf"(?:zero[ -]byte|broken) {_DOCUMENT}",
            rf"(?:not a|invalid) (?:valid |readable |recogni[sz]ed )?{_DOCUMENT}",
            rf"{_COULD_NOT} {_READ}\W+{_FEW}{_DOCUMENT}",
            rf"(?:unsupported|unrecogni[sz]ed|unknown) (?:\w+ )?(?:{_DOCUMENT}|mime|media|format)",
            rf"{_DOCUMENT}\W+{_FEW}(?:not supported|no (?:readable )?(?:pages?|text|content))",
            rf"{_DOCUMENT} is not an? (?:\w+ )?{_DOCUMENT}",
            rf"{_DOCUMENT}\W+{_FEW}decrypted",
            rf"{_TYPE}\b.{{0,40}}?\b(?:not|cannot) (?:be )?"
            r"(?:accepted|allowed|among|determined|known|one of|permitted|"
            r"recogni[sz]ed|supported)",
            r"(?:0|zero) (?:bytes|pages)",
            rf"(?:{_DOCUMENT}|pages?|image){_NEAR}{_OVER}{_NEAR}{_SIZE}",
            r"pdf (?:\w+ ){0,2}?(?:error|exception)",
            r"bad crc|crc (?:check|error|mismatch)",
            r"eof marker|(?:start)?xref|trailer dictionary",
            rf"not support\w*\W+{_FEW}{_DOCUMENT} (?:format|type)",
            rf"unexpected end of (?:the )?{_DOCUMENT}",
            r"(?:dokument|datei)\W+(?:\w+\W+){0,3}?(?:passwort\w*|besch\wdigt|leer|nicht lesbar)",
            r"(?:fichier|archivo|documento)\W+(?:\w+\W+){0,3}?"
            r"(?:corrompu|endommag\w|prot\wg\w+|vide|da\wad[ao]|corrupt[ao]|vac\w[ao])",
        ),
    ),
    (
        FailureKind.STORAGE,
        (
            rf"{_STORE}{_NEAR}{_FAILS}",
            rf"(?:{_COULD_NOT}|denied){_NEAR}{_STORE}",
            rf"{_COULD_NOT} (?:store|persist|upload|save)",
            r"(?:storing|persisting|uploading|saving|upload) (?:\w+ ){0,3}?failed",
            rf"(?:deleted|expired|gone|missing|purged|removed)\W+{_FEW}{_STORE}",
            r"no space left",
            r"no such object|nosuchkey",
            r"no longer (?:\w+ )?in (?:the )?storage",
            r"speicher\W+(?:\w+\W+){0,2}?voll",
        ),
    ),
    (
        FailureKind.ROUTING,
        (
            rf"no (?:default |matching )?{_WAY}\b.{{0,40}}?\b"
            r"(?:match\w*|taken|found|selected|connected|defined)",
            rf"no matching {_WAY}",
            r"no (?:case|rule) (?:\w+ )?match\w*",
            rf"none of the {_WAY}",
            rf"(?:unknown|invalid|unconnected|undefined|no such) {_WAY}",
            r"routing\b.{0,40}?\b(?:fail\w*|error)",
            rf"{_WAY}\b.{{0,40}}?\b"
            r"(?:not (?:among|found|connected|one of)|does not exist|no target)",
        ),
    ),
    (
        FailureKind.MISSING_INPUT,
        (
            rf"(?:missing|absent|required|no)\W+(?:\w+ )?{_INPUT}",
            rf"{_INPUT}{_NEAR}(?:missing|absent|not (?:provided|available|received|connected|set))",
            rf"{_INPUT}{_NEAR}(?:never (?:came|arrived)|is required|has no value)",
            rf"{_INPUT}{_NEAR}(?:are|is|was|were) empty",
            rf"(?:no (?:value|data|payload|document)|none|nothing) (?:was |is |has been )?{_CAME}",
            rf"{_BEFORE}\b.{{0,60}}?\b"
            r"(?:fail\w*|error|did not|missing|skipped|not complete\w*|no output)",
            r"eingaben?\W+(?:\w+\W+){0,2}?(?:fehl\w+|leer)",
            r"(?:keine|aucune?) (?:eingabe|daten|donn\we|entr\we|dokument)\w*\W+(?:\w+\W+){0,3}?"
            r"(?:erhalten|empfangen|re\wue?s?|vorhanden)",
            r"entrada (?:ausente|vac\wa|faltante)|no se recibi\w (?:documento|entrada|ning\w+)",
        ),
    ),
    (
        FailureKind.SCHEMA_VIOLATION,
        (
            r"schema\W+(?:\w+\W+){0,2}?(?:validation|violation|mismatch|error|check)",
            r"n[o']t (?:match|conform|satisfy|comply|validate|fit|adhere).{0,50}?\bschema",
            r"(?:violates?|violated|against|invalid under|breaks) (?:the |its )?(?:\w+ )?schema",
            r"validation (?:error|fail\w*)",
            r"fail\w* (?:\w+ )?validation",
            r"is not of type",
            r"is a required property",
            r"required (?:property|field)",
            r"field required",
            r"additional properties",
            r"input should be",
            r"(?:is not|must be(?: equal to)?) one of",
            r"(?:less|greater) than the (?:minimum|maximum) of",
            r"expected \w+, received \w+",
            r"required at (?:path )?\w+",
            r"not match (?:the )?(?:pattern|format)",
            r"pflichtfeld(?:er)? (?:\w+ )?fehl\w+",
            r"(?:champs?|campos?) (?:obligatoires?|obligatorios?|requis|requeridos?)",
        ),
    ),
    (
        FailureKind.CREDENTIALS,
        (
            r"unauthori[sz]ed",
            r"not authori[sz]ed",
            r"forbidden",
            r"authenticat\w+ (?:fail\w*|required|error)",
            rf"(?:invalid|expired|revoked|missing|wrong|bad|rejected)\W+(?:\w+ )?{_KEY}",
            rf"{_KEY}\W+(?:\w+\W+){{0,2}}?(?:disabled|invalid|expired|revoked)",
            rf"{_KEY}\W+(?:\w+\W+){{0,2}}?(?:missing|rejected|wrong)",
            r"log[io]n (?:denied|failed)",
            r"(?:key|login|secret|session|signature|token)\W+(?:\w+\W+){0,5}?(?:expired|revoked)",
            r"insufficient (?:\w+ )?(?:permissions?|privileges|scopes?)",
            r"invalid (?:grant|client)",
            r"access denied for user|log[io]n failed for",
            r"permission denied",
            r"(?:do(?:es)? not|do(?:es)?n't) have (?:the )?(?:\w+ )?permissions?",
            r"signature ?does ?not ?match|access key id",
            r"jwt (?:expired|invalid|malformed)|invalid_(?:client|grant)",
            r"(?:incorrect|wrong|invalid|bad) (?:user ?name|login|e-?mail)(?: or)? password",
            r"anmeldung fehlgeschlagen|ung\wltige (?:anmelde|zugangs)daten|zugriff verweigert",
            r"identifiants? (?:invalides?|incorrects?)|mot de passe (?:incorrect|invalide)",
            r"acc\ws (?:refus\w|interdit)|acceso denegado|credenciales (?:inv\wlidas|incorrectas)",
        ),
    ),
    (
        FailureKind.TIMEOUT,
        (
            r"(?:e|e?conn|esocket)?tim(?:ed?|ing)[ -]?out",
            r"time budget",
            r"deadline (?:was )?exceeded",
            r"took too long",
            r"n[o']t\W+(?:\w+\W+){0,5}?in time",
            r"exceeded (?:its|the) (?:max(?:imum)? )?(?:duration|execution time|run ?time)",
            r"(?:time|duration|wall[- ]?clock) limit",
            r"limit of \d+(?:\.\d+)? ?(?:ms|s|sec\w*|min\w*|h|hours?)\b",
            r"did not (?:respond|answer|finish|complete|reply) (?:with)?in",
            r"zeit\w?berschreitung",
            r"d\wlai (?:d\Wattente )?(?:\w+ )?d\wpass\w+",
            r"tiempo de espera|agot\w+ el tiempo",
        ),
    ),
)

# Words for a service that cannot be reached, whatever the block.
_NO_CONNECTION = (
    r"connection (?:was )?(?:refused|reset|aborted)|econn(?:refused|reset|aborted)",
    r"enotfound|ehostunreach",
    rf"{_COULD_NOT} (?:connect|reach|resolve (?:the )?(?:host|domain|name))",
    rf"{_COULD_NOT} establish (?:a |an )?(?:new )?connection",
    r"name or service not known|name resolution|getaddrinfo|no route to host",
    r"network is unreachable",
    r"no such host|host (?:is )?unreachable|certificate verify failed|nxdomain|ssl handshake",
    r"(?:verbindung\W+(?:\w+\W+){0,5}?(?:abgelehnt|verweigert|fehlgeschlagen|hergestellt werden))",
    r"(?:connexion\W+(?:\w+\W+){0,4}?(?:refus\w+|impossible|\w*chou\w*))",
    r"impossible de se connecter",
    r"(?:conexi\wn\W+(?:\w+\W+){0,3}?(?:rechazada|fallida))|no se pudo conectar",
)
# Those that count only for API calls.
_UNREACHABLE = (
    *_NO_CONNECTION,
    r"has gone away|no listener|lost connection",
    r"(?:server|database|service|system) (?:\w+ ){0,2}?(?:starting up|shutting down|is down)",
    r"connection (?:was )?(?:closed|error|failed|lost)",
    r"econn\w+|enotfound",
    rf"{_COULD_NOT} (?:connect|resolve|reach)",
    r"connect(?:ion \w+)? error",
    r"name or service not known|name resolution|dns|getaddrinfo",
    r"(?:peer|remote \w+|server|socket) (?:closed|disconnected|hang up|hung up)",
    r"no healthy upstream",
    r"unreachable|no route to host|broken pipe",
    r"bad gateway|service (?:is )?(?:temporarily )?unavailable|internal server error",
    r"(?:ssl|tls)\b.{0,40}?\b(?:error|fail\w*|handshake|certificate)",
    r"certificate verify failed|(?:issuer|self[- ]signed|untrusted) certificate",
    r"eof occurred in violation of protocol",
)


class _Pattern:
    """Words of one kind, read by RE2 first: few messages hold any, and it reads in one pass."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self._source = r"\b(?:" + "|".join(words) + ")"

    @cached_property
    def _exact(self) -> re.Pattern[str]:
        return re.compile(self._source, re.IGNORECASE)

    @cached_property
    def _rough(self) -> Any:
        return re2.compile(_without_lookaheads(self._source).encode(), _options())

    def search(self, text: str, data: bytes) -> re.Match[str] | None:
        """Return the first match in a text, of which `data` are the bytes that RE2 reads."""
        return self._exact.search(text) if self._rough.search(data) else None


def _without_lookaheads(pattern: str) -> str:
    """Return a pattern for RE2 that matches wherever `pattern` does, and a little more often."""
    parts = pattern.split("(?!")
    kept = [parts[0]]
    for part in parts[1:]:
        depth = 1
        for place, character in enumerate(part):
            depth += (character == "(") - (character == ")")
            if depth == 0:
                kept.append(part[place + 1 :])
                break
    return "".join(kept)


def _in_bytes(text: str) -> bytes:
    """Return a text with a letter in place of each letter beyond ASCII, a dot for other signs."""
    if text.isascii():
        return text.encode()
    return "".join(
        letter if letter.isascii() else "x" if letter.isalnum() else "." for letter in text
    ).encode()


def _options() -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    options.encoding = re2.Options.Encoding.LATIN1
    options.max_mem = _PATTERN_BYTES
    options.never_capture = True
    return options


# Quoted text is a name or a value and shows nothing.
_QUOTED = re.compile(r"\"[^\"]{0,200}\"|`[^`]{0,200}`|(?<!\w)'[^']{0,200}'(?!\w)")

# The id of a handle names an input of a block; it does not mean that a file is concerned.
_HANDLE = re.compile(r"\b(input|output)-(?:file|json)-[\w-]+")
# Where a new word starts inside a name: "PdfStreamError" is about a PDF, "DEADLINE_EXCEEDED" about
# a deadline.
_INNER_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Z])_(?=[A-Z])")

# What replaces handles and quoted text in a reading, as it is in the message.
_STANDS_FOR = {"handle": r"[\w-]{1,40}['\"`]?", "…": r"['\"`]?.{1,60}?['\"`]?"}

_PATTERNS = tuple((kind, _Pattern(words)) for kind, words in _WORDS)
_CALLED = _Pattern(_UNREACHABLE)
_NOT_CONNECTED = _Pattern(_NO_CONNECTION)


@dataclass(frozen=True, slots=True)
class WordMatch:
    """A kind of failure and the words of the message that show it."""

    kind: FailureKind
    words: str


def kind_in_words(
    message: str, is_api_call: bool = False, without: Container[FailureKind] = ()
) -> WordMatch | None:
    """Return the kind of failure that the words of `message` show, None where they show none.

    With `is_api_call`, all words about connections count, else only the plain ones. Kinds in
    `without` are ignored.
    """
    text = _QUOTED.sub("…", " ".join(message[:MAX_MESSAGE].split()))
    text = _HANDLE.sub(r"\1 handle", text)
    in_words = _INNER_WORD.sub(" ", text)
    readings = [(text, _in_bytes(text))]
    if in_words != text:
        readings.append((in_words, _in_bytes(in_words)))
    connection = _CALLED if is_api_call else _NOT_CONNECTED
    for kind, pattern in (*_PATTERNS, (FailureKind.CALLED_API_DOWN, connection)):
        if kind in without:
            continue
        for words, data in readings:
            if found := pattern.search(words, data):
                return WordMatch(kind, _as_said(found[0], message)[:MAX_WORDS])
    return None


def _as_said(words: str, message: str) -> str:
    """Return matched words as the message has them, with names and quoted values."""
    plain = " ".join(message[:MAX_MESSAGE].split())
    if words in plain:
        return words
    parts = (_STANDS_FOR.get(word) or re.escape(word) for word in re.findall(r"…|[^\s…]+", words))
    found = re.search(r"[\s_.-]{0,3}".join(parts), plain)
    return found[0] if found else words


def says_unreachable(message: str) -> WordMatch | None:
    """Return the words of a message that say that another host could not be reached."""
    text = " ".join(message[:MAX_MESSAGE].split())
    found = _NOT_CONNECTED.search(text, _in_bytes(text))
    return WordMatch(FailureKind.CALLED_API_DOWN, found[0][:MAX_WORDS]) if found else None
