"""Words that show a kind in every block, in English.

A word of a table is a pattern that begins at the start of a word; letter case does not matter.
"""

from retab_mcp.models import FailureKind

FEW = r"(?:\w+\W+){0,4}?"
NEAR = r"\b.{0,60}?\b"
COULD_NOT = r"(?:could ?n[o']?t|can ?no?t|can't|unable to|fail\w* to|failure to|error)"
_FAILS = (
    r"(?:fail\w*|error|denied|unavailable|not (?:found|exist)|refused|full|time[d-]? ?out|missing)"
)
DOCUMENT = r"(?:pdf|document|docx?|xlsx?|file|image|attachment|scan|archive|workbook|spreadsheet)"
# A document that somebody locked is in use; a locked PDF cannot be read.
_BROKEN = (
    r"(?:corrupt\w*|damaged|malformed|truncated|unreadable|encrypted|blank"
    r"|locked(?! (?:by|for|in))|empty)"
)
# The "invalid document number" of a booking is a field.
_NOT_A_FIELD = (
    r"(?!\W(?:(?:category|currency|date|handle|id|name|no|number|path|reference|status)\b"
    r"|type\W(?:code|definition|id|name)))"
)
_READ = r"(?:open|read|decode|render|rasteri[sz]e|convert|parse|load|identify|recogni[sz]e)(?:e?d)?"
# Not credit notes, budgets and input tax: documents are about these.
_CREDIT = (
    r"(?:credits?(?! (?:memos?|notes?))|quota|balance|funds|allowance"
    r"|(?:spend\w*|usage) (?:budget|limit))"
)
_INPUT = r"(?:inputs?(?! (?:tax|vat))|input handles?|handles?|upstream (?:data|value|output))"
_STORE = (
    r"(?:storage|bucket|blob|object store|(?:get|head|put) ?object|s3|gcs|gs|disk|hdfs|name ?node"
    r"|(?:network|file) share)"
)
_KEY = (
    r"(?:api[ -]?key|(?:access |bearer |refresh |session |security )?token|credentials?"
    r"|client secret|password|(?:access|subscription|account|consumer|developer|integration"
    r"|merchant|partner"
    r"|private|public|secret|license|user|x-api)[ -]key"
    r"|signature|session(?: id)?|access licen[cs]e|authori[sz]ation header|x-?auth \w+"
    r"|log[io]n(?: attempt)?(?! time)"
    r"|auth(?:entication"
    r"|orization)?"
    r"(?: (?:data|header|grant))?)"
)
_CAME = r"(?:received|provided|supplied|available|given|sent|arrived|passed)"
# Blocks before this one; not the "upstream" of proxies and the attempts of clients.
_BEFORE = (
    r"(?:upstream|preceding|previous|parent|dependency)"
    r"(?! (?:attempt|connect|host|proxy|request|response|server|service|try))"
)
_TYPE = r"(?:file|mime|media|document|image)\W?(?:type|extension|format)"
_OVER = r"(?:exceed(?:s|ed)?|larger than|over|more than|limit of|maximum of|up to)"
_SIZE = (
    r"(?:\d+ ?(?:[kmg]i?b|bytes|dpi|megapixels?|mp|(?:pdf )?pages|px)"
    r"|(?:maximum|max|allowed) (?:\w+ )?(?:size|pages|resolution|dimensions))\b"
)
_WAY = r"(?:branch|route|category|condition|output handle)"
# What a service counts, and the time that it counts in.
_COUNTED = (
    r"(?:requests?|calls?|messages?|connections?|clients|sessions|quer(?:y|ies)|operations"
    r"|invocations|transactions|uploads|jobs)"
)
_PERIOD = r"(?:sec(?:ond)?|min(?:ute)?|hour|day)"
_REACHED = r"(?:exceed(?:ed|s)?|reached|hit)"
_DENIED = r"(?:denied|refused|rejected|forbidden|disallowed)"
_RIGHT = r"(?:permissions?|privileges?|authori[sz]ation|scopes?|(?:access )?rights|roles?)"

# The first kind whose words occur is the kind, so narrow ones come first: "quota of 60 requests per
# minute" is a rate, "could not store the output: timed out" is the storage.
WORDS: tuple[tuple[FailureKind, tuple[str, ...]], ...] = (
    (
        FailureKind.RATE_LIMITED,
        (
            r"rate[ -]?limit\w*",
            rf"rate (?:was |is )?{_REACHED}",
            r"too many requests",
            r"throttl\w+",
            r"reduce (?:the |your )?(?:request )?rates?",
            r"429 resource exhausted",
            rf"too many (?:\w+ ){{0,2}}?{_COUNTED}",
            rf"(?:{_COUNTED}|tokens?) (?:per|an?) {_PERIOD}\b",
            r"concurren(?:t|cy)\W+(?:\w+\W+){0,2}?limit\w*",
            rf"(?:number|amount|volume) of {_COUNTED}\W+(?:\w+\W+){{0,3}}?{_REACHED}",
            rf"{_COUNTED} limit (?:\w+ )?{_REACHED}",
            rf"(?:secondly|per-second|minutely|hourly|burst) (?:\w+ ){{0,2}}?"
            rf"(?:limit|quota|{_COUNTED})",
            r"provisioned throughput|throughput limit",
            r"interval\W+(?:\w+\W+)?too short|limit of \w+ per (?:second|minute|hour|day)",
            r"(?:connection|sender|session|thread)s? limit (?:\w+ )?(?:exceeded|hit|reached)",
            r"too much (?:e?mail|load|traffic)|(?:minute|second|hour|day)[- ]quota|deferred due to",
            r"(?:too|so) (?:quickly|fast|frequently|often)\b",
            r"(?:max\w*|maximum) (?:number of )?(?:concurrent|parallel|simultaneous)",
        ),
    ),
    (
        FailureKind.CREDITS_EXHAUSTED,
        (
            rf"(?:insufficient|not enough|out of|no more|exhausted|exceeded)\W+{FEW}{_CREDIT}",
            rf"{_CREDIT}\W+{FEW}(?:exhausted|exceeded|used up|depleted|insufficient)",
            rf"{_CREDIT}\W+{FEW}(?:reached|spent|too low|empty|run out|ran out)",
            rf"(?:not|n't) (?:have )?(?:enough|sufficient)\W+{FEW}{_CREDIT}|zero credits",
            rf"{_CREDIT}\b.{{0,40}}?\bnot (?:enough|sufficient)|credit line (?:\w+ )?not",
            r"prepaid (?:\w+ )?(?:has |is )?expired",
            r"payment required|arrearage\b|account is in good standing",
            r"(?:wallet|(?:api )?units?|prepaid|sms|credits?) balance\W+(?:\w+\W+){0,2}?"
            r"(?:invalid|low|negative|zero|empty|insufficient)",
            r"billing (?:hard )?limit",
            r"billing\W+(?:\w+\W+){0,3}?(?:enabled|disabled|inactive|suspended|past due)",
            r"(?:requires?|needs?|purchase|buy|add) (?:more |additional )?credits\b",
            rf"no (?:available|remaining) {_CREDIT}",
            r"quota\W+(?:\w+\W+){0,6}?(?:exceeded|exhausted|reached|full)",
            rf"exceed\w*\W+{FEW}storage (?:quota|space|limit)",
            r"(?:subscription|trial|plan|licen[cs]e)(?: period)? (?:has |is |was )?"
            r"(?:expired|ended|lapsed|past due)",
            r"(?:plan|tier|subscription)(?:'s)? (?:\w+ )?limit (?:\w+ )?(?:exceeded|reached)",
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
            r"after \d+ (?:iterations|rounds|passes|turns)\b.{0,40}?\b"
            r"(?:without|exit|stop|never|not)",
            r"(?:exit|end|stop|termination) condition\W+(?:\w+\W+){0,2}?(?:never|still|not)",
            r"(?:without|before)\W+(?:\w+\W+){0,3}?(?:exit|stop|end|termination) condition",
        ),
    ),
    (
        FailureKind.DOCUMENT_UNREADABLE,
        (
            r"password[ -]?protected",
            r"password ?error",
            r"(?:requires|needs|without) (?:a|the|an owner|a user) password",
            rf"{_BROKEN}\W+(?:\w+ )?{DOCUMENT}",
            rf"{DOCUMENT}\W+{FEW}(?:is|was|be|seems|looks) {_BROKEN}",
            rf"(?:{DOCUMENT}|pages?)\W+{FEW}(?:not|n[o']t) be {_READ}\b"
            r"(?!.{0,40}?\blocked by)",
            rf"(?:zero[ -]byte|broken) {DOCUMENT}",
            rf"(?:not a|invalid) (?:valid |readable |recogni[sz]ed )?{DOCUMENT}\b{_NOT_A_FIELD}",
            rf"{COULD_NOT} (?:{_READ}|process)\W+{FEW}{DOCUMENT}",
            rf"(?:unsupported|unrecogni[sz]ed|unknown) (?:\w+ )?(?:{DOCUMENT}(?! type: …)|mime"
            r"|media|format)",
            rf"{DOCUMENT}\W+{FEW}(?:not supported|no (?:readable )?(?:pages?|text|content))",
            rf"{DOCUMENT} is not an? (?:\w+ )?{DOCUMENT}",
            rf"{DOCUMENT}\W+{FEW}decrypted",
            rf"{DOCUMENT}\W+(?:\w+\W+){{0,2}}?too (?:large|big|small|long|short|many pages)\b",
            rf"{_TYPE}\b.{{0,40}}?\b(?:not|cannot) (?:be )?"
            r"(?:accepted|allowed|among|determined|known|one of|permitted|"
            r"recogni[sz]ed|supported)",
            r"(?:0|zero) (?:bytes|pages)(?! (?:read|received|sent|transferred))",
            rf"(?:{DOCUMENT}|pages?|image){NEAR}{_OVER}{NEAR}{_SIZE}",
            r"(?:max\w*|limit|more) (?:of |than )?\d+ (?:\w+ )?pages\b",
            r"pdf (?:\w+ ){0,2}?(?:error|exception)",
            r"bad crc|crc (?:check|error|mismatch)",
            r"eof marker|(?:start)?xref|trailer dictionary",
            rf"not support\w*\W+{FEW}{DOCUMENT} (?:format|type)",
            rf"unexpected end of (?:the )?{DOCUMENT}",
        ),
    ),
    (
        FailureKind.STORAGE,
        (
            rf"{_STORE}{NEAR}{_FAILS}",
            rf"(?:{COULD_NOT}|denied){NEAR}{_STORE}",
            rf"{COULD_NOT} (?:store|persist|upload|save)",
            r"(?:storing|persisting|uploading|saving|upload) (?:\w+ ){0,3}?failed",
            rf"(?:deleted|expired|gone|missing|purged|removed)\W+{FEW}{_STORE}",
            r"no space left|read[- ]only file ?system|disk quota|out of (?:\w+ ){0,2}?(?:disk"
            r"|storage) space"
            r"|stale file handle|(?:input/output|i/o) error|not enough (?:disk )?space",
            r"no such object|nosuchkey|nt[_ ]status[_ ](?:bad|disk|no|object)\w*",
            r"no longer (?:\w+ )?in (?:the )?storage",
        ),
    ),
    (
        FailureKind.ROUTING,
        (
            rf"no (?:default |matching )?{_WAY}\b.{{0,40}}?\b"
            r"(?:match\w*|taken|found|selected|connected|defined)",
            rf"no matching {_WAY}",
            r"no (?:\w+ )?(?:case|choice|rule|choice rule) (?:\w+ )?match\w*",
            rf"none of the {_WAY}",
            rf"(?:unknown|invalid|unconnected|undefined|no such) {_WAY}",
            r"routing\b.{0,40}?\b(?:fail\w*|error)",
            rf"{_WAY}\b.{{0,40}}?\b"
            r"(?:not (?:among|found|connected|one of)|does not exist|no target)",
            r"not (?:\w+ ){0,3}?(?:any|one of the) (?:\w+ )?(?:branch|category|condition)\w*",
        ),
    ),
    (
        FailureKind.MISSING_INPUT,
        (
            rf"(?:missing|absent|required|no)\W+(?:\w+ )?{_INPUT}",
            rf"{_INPUT}{NEAR}(?:missing|absent|not (?:available|connected|given|passed"
            r"|provided|received|set|supplied))",
            rf"{_INPUT}{NEAR}(?:never (?:came|arrived)|is required|has no value)",
            rf"{_INPUT}{NEAR}(?:are|is|was|were) empty",
            rf"(?:no (?:value|data|payload|document)|none|nothing) (?:was |is |has been )?{_CAME}",
            rf"{_BEFORE}\b.{{0,60}}?\b"
            r"(?:fail\w*|error|did not|missing|skipped|not complete\w*|no output"
            r"|(?:returned|produced|gave) (?:nothing|none|null))",
        ),
    ),
    (
        FailureKind.SCHEMA_VIOLATION,
        (
            r"schema\W+(?:\w+\W+){0,2}?(?:validation|violation|mismatch|error|check)",
            r"n[o']t (?:match|conform|satisfy|comply|validate|fit|adhere).{0,50}?\bschema",
            r"(?:violates?|violated|against|invalid under|breaks) (?:the |its )?(?:\w+ )?schema",
            r"valid under (?:any|each|all)\b.{0,30}?\bschemas",
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
        ),
    ),
    (
        FailureKind.CREDENTIALS,
        (
            r"unauthori[sz]ed",
            r"(?:not|un)[ -]?(?:authori[sz]ed|authenticated)",
            r"forbidden",
            r"auth(?:entication|orization)? (?:is )?(?:fail\w*|required|error|exception"
            r"|unsuccessful|expired"
            rf"|{_DENIED})",
            r"(?:failed|unable|could not|cannot) (?:to )?(?:authenticate|authori[sz]e|log ?[io]n)",
            r"(?:invalid|expired|revoked|missing|wrong|bad|rejected"
            rf"|incorrect)\W+(?:\w+ )?{_KEY}\b",
            rf"{_KEY}\W+(?:\w+\W+){{0,2}}?(?:disabled|invalid|expired|revoked|incorrect)",
            rf"{_KEY}\W+(?:\w+\W+){{0,2}}?(?:missing|wrong|not (?:valid|accepted|found)|{_DENIED})",
            r"(?:unable to locate|no|without) (?:\w+ )?credentials",
            rf"log[io]n {_DENIED}|log[io]n (?:failed|incorrect|was refused)",
            r"(?:key|login(?! time)|secret|session|signature|token)\W+(?:\w+\W+){0,5}?(?:expired"
            r"|revoked)",
            rf"insufficient (?:\w+ )?{_RIGHT}",
            r"invalid[ _](?:grant|client|auth|token)\b|not_authed",
            rf"access (?:is |was )?{_DENIED}|access to\b.{{0,100}}?\b{_DENIED}",
            rf"{_RIGHT} (?:was |is )?{_DENIED}|permission violation",
            rf"(?:do(?:es)? not|do(?:es)?n't) have (?:the )?(?:\w+ ){{0,2}}?{_RIGHT}",
            rf"(?:missing|lacks?|lacking|no) (?:the )?(?:\w+ ){{0,2}}?{_RIGHT}\b",
            r"(?:do|did|does) ?n[o']t have (?:\w+ )?access\b",
            r"signature ?does ?not ?match|access key id",
            r"jwt (?:expired|invalid|malformed)",
            r"(?:incorrect|wrong|invalid|bad) (?:user ?name|login|e-?mail|user)"
            r"(?: or|,|/)?\W?password",
            r"(?:user ?name|e-?mail|name)\W+(?:and|or|,)? ?password\W+(?:\w+\W+){0,4}?"
            r"(?:not|incorrect|wrong|invalid)",
            r"(?:user|login|(?:^|client |the |this |user |your )account) (?:is |has been |was )?"
            r"(?:locked|disabled|suspended|deactivated)",
            r"acceptsecuritycontext|bind (?:\w+ )?(?:not successful|fail\w*)|multi-?factor"
            r"|two-?factor|aadsts\d+",
            r"session (?:\w+ )?(?:timed[- ]out|ended|is not valid)",
            r"password\W+(?:\w+\W+){0,6}?(?:is|are|was|were) (?:in)?(?:valid|correct)\b",
            r"not (?:permitted|allowed) (?:for|to) (?:the |this |your )?(?:user|account|client"
            r"|caller|ip)\b",
            r"(?:login|user) (?:has been |is |was )?(?:barred|blocked|inactive)|invalid ip\b",
            r"no (?:api ?key|login|pass ?word|user ?name)\b|access (?:\w+ )?not granted"
            r"|using your (?:\w+ )?key",
            r"(?:account|client|user|you)s? (?:can ?not|can't|may not) access",
            r"host key verification|signature verification",
            rf"{_KEY}(?: header)? (?:is |was )?(?:required|needed|not recogni[sz]ed|malformed)",
            r"(?:token|credentials|signature)\W+(?:\w+\W+){0,6}?(?:is|are|was|were|been) (?:\w+ )?"
            r"(?:invalid|expired|incorrect|wrong|disabled|revoked)",
            r"(?:invalid|wrong|unknown|missing) (?:or \w+ )?(?:access )?key$",
            r"(?:user|client|id)\W{1,3}(?:key|secret|password) combination",
            r"no (?:\w+ )?(?:token|api key|authorization header)",
            r"ip(?: address)?\W+(?:is |was )?(?:not|blocked|denied)\b",
            rf"(?:key|token|user|account|client|app) lacks (?:\w+ )?{_RIGHT}",
        ),
    ),
    (
        FailureKind.TIMEOUT,
        (
            r"(?:e|e?conn|esocket)?tim(?:ed?|ing)[ -]?out(?!: \d)",
            r"[a-z]+timeout\b|time budget",
            r"deadline (?:was )?exceeded",
            r"took too long|time for (?:the |this )?(?:call|execution|operation|processing|request)"
            r" (?:is |was )?exceeded",
            r"n[o']t\W+(?:\w+\W+){0,5}?in time",
            r"exceeded (?:its|the) (?:max(?:imum)? )?(?:duration|execution time|run ?time)",
            r"(?:execution|run|processing|response) ?time (?:\w+ )?exceeded",
            r"(?:time|duration|wall[- ]?clock) limit",
            r"(?:limit of|exceed(?:ed|s)) \d+(?:\.\d+)? ?(?:ms|s|sec\w*|min\w*|h|hours?)\b",
            r"did not (?:respond|answer|finish|complete|reply) (?:with)?in",
            r"fail\w*(?! to connect)\b.{0,40}?\bafter \d+(?:\.\d+)? ?(?:s|sec\w*|min\w*)\b",
        ),
    ),
)
