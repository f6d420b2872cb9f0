"""Words by which a called service, or the way to it, shows why a call failed."""

from retab_mcp.analysis.cause.words.general import COULD_NOT, NEAR

# The service cannot be reached, whatever the block.
NO_CONNECTION = (
    r"connection (?:was )?(?:refused|reset|aborted|error\b)|econn(?:refused|reset|aborted)",
    r"enotfound|ehostunreach|host not found|network error",
    rf"{COULD_NOT} (?:connect|reach|resolve (?:the )?(?:host|domain|name))",
    rf"{COULD_NOT} establish (?:a |an )?(?:new )?\w*connection",
    r"name or service not known|name resolution|getaddrinfo|no route to host",
    r"network is unreachable",
    r"no such host|host (?:is )?unreachable|certificate verify failed|nxdomain|ssl handshake",
)
# Words that count only for API calls.
UNREACHABLE = (
    *NO_CONNECTION,
    r"(?:answered|responded) with an? (?:internal|server|unexpected|unknown) error",
    r"has gone away|no listener|lost connection",
    r"(?:server|database|service|system|api|model|broker)s? (?:\w+ ){0,2}?"
    r"(?:starting up|shutting down|is down|are down|offline|busy|overloaded)",
    r"(?:is|are) down\b|web server is down|temporarily (?:unable|out|down|not)\b",
    r"(?:api|are|back-?end|currently|endpoint|gateway|host|is|network|node|server|service|system"
    r"|temporarily) unavailable(?:$|[.,;:!]| (?:at th\w+ (?:moment|time)|due|now|please|right"
    r"|try)\b)",
    r"^(?:[a-z]+[ _])?unavailable\W*$",
    rf"{COULD_NOT} contact (?:\w+ ){{0,2}}?(?:api|broker|controller|database|host|server|service)",
    r"(?:due to|during|undergoing|in|under) (?:\w+ )?maintenance\b|maintenance (?:downtime|mode"
    r"|window"
    r"|work)|capacity (?:problem|issue|constraint)s?",
    r"offline for|(?:down for|under|scheduled|planned) (?:\w+ )?maintenance",
    r"overloaded|(?:currently|temporarily|momentarily) (?:\w+ )?unavailable|offline\b",
    r"(?:back-?end|broker|database|gateway|host|network|provider|server|service|smsc|system)"
    r" (?:\w+ ){0,2}?(?:congestion|error|exception|failure|problem)\b|congestion\b",
    r"(?:server|broker|service|host|gateway|agent) (?:is )?not (?:running|available|found|started)",
    r"out of (?:service|order)|transport (?:error|failure)|technical (?:\w+ )?(?:difficult|issue"
    r"|problem)",
    r"(?:error|exception|failure|problem) (?:\w+ )?(?:connecting|communicating)|remote end closed"
    r"|no (?:\w+ )?(?:answer|reply|response) (?:from|received|within)",
    r"connection ?pool|connexion (?:\w+ )?(?:been )?closed",
    r"connection (?:was )?(?:\w+ )?(?:closed|error|failed|lost|broken|terminated|forced|dropped)",
    r"\w*outage\b|problem with (?:our|the) server|connection (?:to|with) (?:\w+ ){1,4}?failed"
    r"|closed the connection"
    r"|connection attempts? failed",
    r"econn\w+|enotfound",
    rf"{COULD_NOT} (?:connect|resolve|reach)",
    r"connect(?:ion \w+)? error|network error|fetch failed|socket hang",
    r"(?:communication|network|system)[ _-](?:failure|fault|related)",
    r"name or service not known|name resolution|dns|getaddrinfo|servfail",
    r"(?:peer|remote \w+|server|socket) (?:closed|disconnected|hang up|hung up)",
    r"no healthy upstream",
    r"no (?:\w+ )?(?:brokers?|servers?|hosts?|nodes?) (?:is |are |were )?(?:available|found"
    r"|reachable)",
    r"unreachable|not (?:reached|reachable|responding)|no route to host|broken pipe",
    r"bad gateway|service (?:is )?(?:temporarily |currently )?(?:not |un)available"
    r"(?! (?:between|for (?:the|this|your)|from|in|on|to|with)\b)",
    r"internal server error|empty (?:reply|response) from",
    r"(?:loading|load) .{0,40}? (?:into|in) memory",
    r"(?:unexpected )?(?:eof|end-of-file) (?:on|while) (?:\w+ )?(?:communication|channel|reading)",
    r"(?:error reading|incomplete|unexpected end of) (?:\w+ ){0,2}?(?:banner|read|stream|response)",
    r"(?:ssl|tls|x509)\b.{0,40}?\b(?:error|fail\w*|handshake|certificate|routines|version)",
    r"\w*(?:ssl|tls)\w*\b.{0,60}?\b(?:terminated|alert|aborted|closed)",
    r"(?:not|n't) (?:\w+ )?connected\b|not responding",
    r"certificate verify failed|(?:issuer|self[- ]signed|untrusted|unknown) certificate",
    r"eof occurred in violation of protocol",
)

_ENDED = (
    r"(?:closed|cancel\w+|locked|inactive|blocked|archived|deactivated|deleted|expired|frozen"
    r"|posted|paid|declined|rejected|denied|pending|not (?:active|activated|open|released))"
)
_CHANGED = (
    r"(?:add|apply|assign|book|cancel|change|create|delete|edit|insert|issue|modify|pay|post"
    r"|process"
    r"|remove|submit|update|use)\w*"
)
# What a service that does not work now cannot do either.
_OF_SERVICE = (
    r"(?:access\w*|answer\w*|authenticat\w+|communicat\w+|complet\w+|connect\w*|contact\w*"
    r"|deseriali\w+"
    r"|determin\w+|execut\w+|fetch\w*|get|handl\w+|interpret\w*|load\w*|open\w*|perform\w*"
    r"|process\w*|reach\w*"
    r"|read"
    r"|resolv\w+|respond\w*|retriev\w+|send|serv\w+|start\w*|validat\w+)"
)
# The service answered, but does not accept what was sent.
REFUSED = (
    # What was sent is there already, or refers to what is not.
    r"already (?:been )?\w+|duplicat\w+|unique constraint",
    rf"violat\w+{NEAR}constraint|constraint\b.{{0,60}}?\bviolat\w+",
    r"(?:do(?:es)?|did) ?n[o']t (?:\w+ )?exist|no longer exists|exists? already",
    r"(?!(?:was|were|is|are|be|been|has)\b)\w+[ _]not[ _]found|cannot be found",
    r"no such \w+|does not refer to|did not specify|not empty\b|existing \w+ \w+|"
    r"(?:number|record|id|item|object|resource|entity|order|invoice|user) (?:was|is) not found|"
    r"no (?!(?:further|more|other|additional) )(?:\w+ ){1,3}(?:available|found|exists?)\b"
    r"|has been (?:disbanded|removed|merged|closed)|"
    r"not (?:yet )?(?:ready|completed|finished)\b|blacklisted|bad \w+ format|"
    r"contains? (?:sensitive|invalid|illegal|forbidden|unsupported)|fail\w* to parse"
    r"|given for (?:an?|the)\b|"
    r"there (?:is|are) no\b|no \w+ (?:registered|defined|configured|matching)",
    r"(?:unknown|undefined|unrecogni[sz]ed|non-?existent)"
    r"(?! (?:\w+ )?(?:error|exception|failure|fault|host|problem|reason|response|server)) \w+",
    # What was sent has another form or value than the service takes.
    r"(?:must|should|may|can) ?(?:not |n't )?(?:be|have|contain|match|equal|exceed)\b",
    rf"(?:can ?not|can't|could not|must not|unable to) (?:be )?{_CHANGED}\b",
    rf"not possible to {_CHANGED}\b|not permitted to|you must (?:enter|give|provide|select"
    r"|specify)",
    r"cannot be (?:empty|blank|null|zero|negative)|can't be (?:empty|blank)",
    r"not (?:a )?valid\b|invalid\b(?!(?: or missing)? (?:key|host|port|proxy|respon\w+|server"
    r"|ur[il])\b)",
    r"(?:is|are|was) (?:not|n't) (?:an?|the|of|within|in) \w+",
    r"(?:is|are|was|were|field|parameter|value) (?:required|mandatory|missing|incorrect|empty"
    r"|blank)\b",
    r"not (?:set|specified|given|provided|supplied|supported|allowed|permitted|accepted|editable"
    r"|recogni[sz]ed|maintained|balanced)\b|not in (?:allowed|the|valid)\b",
    r"not[ _](?:defined|registered|activated|configured|identified) (?:in|for|as|with)\b",
    r"(?:please )?(?:enter|specify|provide) (?:a |an |the )?(?:valid )?(?:\w+ )?values?",
    r"(?:missing|required) (?:required )?\w+|unsupported \w+|incorrect \w+",
    r"(?:out of|outside(?: of)?|not of the right) (?:the )?(?:\w+ )?(?:range|limits?|type|balance)",
    r"exceeds? (?:the )?\w+|too (?:many|few) \w+|too (?:large|big|long|short|small|high|low)\b",
    r"do(?:es)?(?: not|n't) (?:match|correspond|agree|belong|equal|balance)|mismatch|different \w+",
    r"(?:not|n't) (?:\w+ )?(?:equal|eligible|enabled|unique|deliverable|applicable|covered"
    r"|of (?:\w+ )?valid"
    r"|verified|receive|open(?:ed)?|ended)\b|(?:is|are) not available\b|not_found\b|cannot be \w+",
    r"too (?:early|far|heavy|late|light|old|young|wide|deep)\b|(?:less|more|greater|higher|lower"
    r"|earlier"
    r"|later|older|longer|shorter) than\b|(?:weigh|cost|last|take)s? (?:less|more)"
    r"|outside (?:\w+ )+area",
    r"balance in transaction|(?:in|un)compatible with|has (?:the )?wrong",
    r"unable to parse (?:your|the) (?:request|body|input)|fail\w* to validate",
    # What was sent meets a state that does not allow it.
    rf"(?:is|are|was|been|has) (?:already |currently )?{_ENDED}",
    rf"(?:period|year|account|order|invoice) (?:\w+ ){{0,3}}?{_ENDED}",
    r"lock(?:ed)? by|exclusive (?:access|lock)|stale (?:object|version)|deadlock|conflict\w*",
    r"being (?:modified|edited|processed|changed) by|mailbox (?:\w+ )?(?:full|unavailable)",
    r"has been \w+ed\b|(?:is|are) disabled|not (?:fulfilled|met|satisfied|visible|owned)\b",
    r"incorrect\b|(?:size|length|records?|rcrds|items?|capacity|max\w*)\W+(?:\w+ )?(?:exceeded"
    r"|reached)",
    r"only one\b.{0,60}?\ballowed|not possible|no (?:\w+ )?availability|no (?:\w+ )?specified",
    r"(?:can ?not|can't) perform|do(?:es)? ?n[o']t support|unknown$|in the (?:past|future)\b",
    r"(?:date|deadline|period) has passed|not found in\b|non-? ?active \w+|(?:no"
    r"|not) more \w+",
    # A state, at the end; a reason code of ISO 20022 for a payment that is returned.
    r"(?:blocked|cancelled|closed|deceased|inactive|missing|occupied|paused|pending|suspended)\W*$",
    r"(?:check|lookup|rule|validation) failure|violation\b|unexpected (?:element|field|parameter"
    r"|value)"
    r"|bad (?:\w+ ){0,2}?(?:data|file|format|value|xml)|would create"
    r"|(?:is )?reached the (?:\w+ )?limit",
    r"^(?:ac|ag|am|be|cn|ds|ed|ff|md|ms|rc|rr|sl)\d\d\b",
    # Something cannot be done with it, is lacking or is restricted.
    rf"(?:could ?n[o']t|can ?not|can't) (?:be )?(?!(?:be )?{_OF_SERVICE}\b)\w+",
    r"^no[ _](?!(?:\w+[ _])?(?:answer|connection|data|details|error|further|information|message"
    r"|more|reply"
    r"|response|result|route)s?\b)\w+",
    r"not enough \w+|(?:order|item|stock|inventory)\w* (?:\w+ )?(?:not|un)available",
    r"(?:not|n't) (?:yet )?(?:been )?(?!(?:answered|completed|executed|expected|finished|found"
    r"|handled"
    r"|loaded|opened|performed|processed|reached|received|responded|started)\b)\w+ed\b|out of date",
    r"^only\b|only (?:\w+ ){0,4}?(?:allowed|permitted|supported|accepted|for)\b|both \w+ and \w+",
    r"(?:absent|barred|disabled|incomplete|ineligible|mis-?formed|undeliverable)\b|multiple times"
    r"|twice\b"
    r"|previously \w+ed\b|verification failed|(?:maximum|minimum) (?:\w+ ){1,3}?is \d",
    # It says so.
    r"(?:bad|malformed|unprocessable) (?:content|entity|request)",
    r"(?:declined|rejected|refused)\b|validation (?:error|exception|fail\w*|rule)",
)
# Nothing else is said but that the service may work later.
LATER = (
    r"sp\wter (?:erneut|noch ?mal|wieder)|r\wessay\w+|plus tard|ult\wrieurement|m\ws tarde"
    r"|mais tarde"
    r"|pi\w tardi|later opnieuw|spr\wbuj (?:ponownie|p\w\wniej)|zkuste \w+ pozd\wji|igen sen[ae]re"
    r"|daha sonra tekrar",
    r"(?:re)?try (?:again )?(?:later|after (?:some ?time|a while)|in a (?:few|moment|while)"
    r"|shortly)",
)
# The state of an object forbids a request that is forbidden without a word about rights.
STATE = (
    r"already (?:been )?\w+(?:ed|t)\b|duplicat\w+|(?:has|have|is|are) (?:not )?(?:been )?(?:ended"
    r"|closed"
    r"|locked|cancelled|submitted|finali[sz]ed|completed)\b",
    r"(?:^|\. )(?!(?:access|action|client|ip|method|operation|origin|request|this"
    r"|user)\b)\w+ not (?:allowed"
    r"|permitted|possible)(?:\.|$)",
    r"(?:period|deadline|date)\b.{0,40}?\b(?:closed|ended|passed|not (?:open|started))",
)
# A customer's card or account was declined: not the account that pays for the service.
PAYER = (
    r"(?:card|payment method|instrument|bank account|payer)\b.{0,60}?\b"
    r"(?:declin\w+|insufficient funds|expired|incorrect|invalid|blocked|lost|stolen|refused)",
    r"do not honor|declined by",
)
