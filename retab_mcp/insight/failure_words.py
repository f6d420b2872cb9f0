"""General words by which messages of failures give their kind away."""

import re
from dataclasses import dataclass

# A message is read up to here: patterns are linear, but a message can be a whole web page.
MAX_MESSAGE = 4_000
# Words quoted as what a verdict rests on.
MAX_WORDS = 60

_DOCUMENT = r"(?:pdf|document|docx?|xlsx?|file|image|attachment|scan|archive|workbook|spreadsheet)"
_FEW = r"(?:[\w'’./-]+\W+){0,4}?"
_CREDIT = r"(?:credits?|quota|balance|funds|allowance|budget|spending limit|usage limit)"
_INPUT = r"(?:inputs?|input handles?|handles?|upstream (?:data|value|output))"
_STORE = r"(?:storage|bucket|blob|object store|s3|gcs|disk|artifact store)"

# In order: the first kind whose words occur is the kind. The narrow ones come first: "quota of 60
# requests per minute" is a rate, "could not store the output: timed out" is the storage.
_WORDS: tuple[tuple[str, str], ...] = (
    (
        "rate_limited",
        r"rate[ -]?limit\w*|too many requests|throttl\w+|requests? per (?:second|minute|hour|day)"
        r"|(?:status|http|code)\W{0,3}429",
    ),
    (
        "credits_exhausted",
        rf"(?:insufficient|not enough|out of|no more|no remaining|exhausted|exceeded|depleted|lack\w*)"
        rf"\W+{_FEW}{_CREDIT}\b"
        rf"|\b{_CREDIT}\W+{_FEW}(?:exhausted|exceeded|used up|depleted|insufficient|reached|spent"
        r"|too low|empty|run out|ran out)|payment required|billing (?:hard )?limit",
    ),
    (
        "loop_limit",
        r"max(?:imum)?\W+(?:number of |count of |allowed )?(?:loop )?iterations?"
        r"|iteration (?:limit|cap|budget)|(?:limit|cap) of \d+ iterations"
        r"|loop \w*\W*(?:limit|never (?:ended|converged|terminated)|did not (?:end|converge|terminate))",
    ),
    (
        "document_unreadable",
        rf"password[ -]?protected|(?:requires|needs|without) an? (?:\w+ )?password"
        rf"|encrypted {_FEW}{_DOCUMENT}\b|{_DOCUMENT}\b\W+{_FEW}(?:is |was |are )?(?:encrypted|corrupt\w*"
        rf"|damaged|malformed|truncated|unreadable|locked|empty|blank|password)"
        rf"|(?:corrupt\w*|damaged|malformed|truncated|unreadable|empty|zero[ -]byte|blank|broken)"
        rf"\W+{_FEW}{_DOCUMENT}\b"
        rf"|(?:not a|invalid|no) (?:valid |readable |recogni[sz]ed )?{_DOCUMENT}\b(?! (?:was|is) (?:provided|given))"
        rf"|(?:can ?not|could not|can't|couldn't|unable to|failed to) (?:open|read|decode|render|convert|load)"
        rf"\W+{_FEW}{_DOCUMENT}\b"
        rf"|(?:unsupported|unrecogni[sz]ed|unknown) (?:\w+ )?(?:{_DOCUMENT}|mime|media|format|content)\b"
        rf"|{_DOCUMENT}\b\W+{_FEW}(?:not supported|no (?:readable )?(?:pages?|text|content))"
        r"|\b0 (?:bytes|pages)|zero pages|has no pages",
    ),
    (
        "storage",
        rf"\b{_STORE}\b{'.{0,60}?'}(?:fail\w*|error|denied|unavailable|not found|refused|full|timed? ?out|missing)"
        rf"|(?:fail\w*|could not|can ?not|unable|error|denied)\b{'.{0,60}?'}\b{_STORE}\b"
        r"|(?:fail\w*|could not|can ?not|unable) (?:to )?(?:store|persist|upload|save)\w*"
        r"|no space left|disk full|no such object|nosuchkey",
    ),
    (
        "missing_input",
        rf"(?:missing|absent|required|no)\W+(?:\w+ )?{_INPUT}\b(?! schema)"
        rf"|\b{_INPUT}\b{'.{0,60}?'}(?:missing|absent|not (?:provided|available|received|connected|set|found)"
        r"|never (?:came|arrived)|is required|was empty|is empty|has no (?:value|data))"
        r"|no (?:value|data|input|payload|document) (?:was |is |has been )?"
        r"(?:received|provided|available|given|arrived|passed)"
        r"|(?:upstream|preceding|previous|parent|dependenc\w+)\b.{0,60}?"
        r"(?:fail\w*|error|did not|missing|skipped|not complete\w*|no output)",
    ),
    (
        "schema_violation",
        r"schema\W+(?:\w+\W+){0,2}?(?:validation|violation|mismatch|error|check)"
        r"|(?:does not|did not|doesn't|not) (?:match|conform|satisfy|comply|validate|fit|adhere)"
        r".{0,50}?schema|(?:violates?|against|invalid under|breaks) (?:the |its )?(?:\w+ )?schema"
        r"|validation (?:error|fail\w*)|fail\w* (?:\w+ )?validation|validat\w+ (?:has )?failed"
        r"|is not of type|is a required property|required (?:property|field)"
        r"|additional properties|is not one of|field required|input should be",
    ),
    (
        "credentials",
        r"unauthori[sz]ed|not authori[sz]ed|forbidden|authenticat\w+ (?:fail\w*|required|error)"
        r"|(?:invalid|expired|revoked|missing|wrong|bad|rejected)\W+"
        r"(?:\w+ )?(?:api[ -]?key|(?:access |bearer )?token|credentials?|client secret|login)"
        r"|(?:api[ -]?key|token|credentials?|client secret)\W+(?:\w+\W+){0,2}?"
        r"(?:invalid|expired|revoked|missing|rejected|wrong)|invalid (?:grant|client)",
    ),
    (
        "timeout",
        r"tim(?:ed?|ing)[ -]?out|deadline (?:was )?exceeded|took too long|exceeded (?:the |its )?"
        r"(?:\w+ )?(?:time|duration)\b(?: limit)?|time limit"
        r"|did not (?:respond|answer|finish|complete|reply) (?:with)?in",
    ),
    (
        "routing",
        r"no (?:branch|route|category|condition|matching (?:branch|route|condition|category|handle))"
        r"\b.{0,40}?(?:match\w*|taken|found|selected|connected|applie[sd])"
        r"|no matching (?:branch|route|condition|category|handle)"
        r"|(?:unknown|invalid|unconnected|undefined|no such) (?:branch|route|category|output handle)"
        r"|(?:routing|route|branch)\b.{0,40}?(?:fail\w*|error|not found|does not exist|not connected"
        r"|has no target)",
    ),
)

# Words that speak of the other side being away, and so only where a call was made.
_UNREACHABLE = (
    r"connection (?:was )?(?:refused|reset|aborted|closed|error|failed|lost)|econn\w+|enotfound"
    r"|could not (?:connect|resolve|reach)|can ?not (?:connect|reach)|failed to (?:connect|resolve)"
    r"|name or service not known|\bdns\b|getaddrinfo|unreachable|no route to host|broken pipe"
    r"|bad gateway|service (?:is )?(?:temporarily )?unavailable|internal server error"
    r"|(?:ssl|tls)\b.{0,40}?(?:error|fail\w*|handshake|certificate)|certificate verify failed"
)

_PATTERNS = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in _WORDS)
_CALLED = re.compile(_UNREACHABLE, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """A kind and the words of the message that speak for it."""

    kind: str
    words: str


def kind_in_words(message: str, is_api_call: bool = False) -> Found | None:
    """Return the kind of failure that the words of `message` speak for, None where none does.

    `is_api_call` says that a call to another service was made, so that words about connections
    count as well.
    """
    text = " ".join(message[:MAX_MESSAGE].split())
    for kind, pattern in _PATTERNS:
        found = pattern.search(text)
        if found:
            return Found(kind, found[0][:MAX_WORDS])
    found = _CALLED.search(text) if is_api_call else None
    return Found("called_api_down", found[0][:MAX_WORDS]) if found else None
