"""What a called API's message is about, where no words of a kind were found.

Each kind has the words of its topic, and the words that say what is wrong with it; a message has to
hold both. The topic alone is enough where an error would not name it otherwise.
"""

from retab_mcp.models import FailureKind

_ANY = r"\w"

TOPICS: tuple[tuple[FailureKind, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        FailureKind.CREDENTIALS,
        (
            r"(?:api|access|security|secret|subscription|account|auth\w*|bearer|csrf|oauth|sas"
            r"|jwt|x-api)"
            r"[ _-]?(?:key|token|ticket|credential)s?\b(?!s?[ _](?:count|limit|usage))",
            r"permissions?\b|privileges?\b|credentials?\b|(?:be |first |must |not |please "
            r"|to )log(?:ged)? ?(?:in|on)\b|log ?in (?:again|first|needed|req\w*)"
            r"|sign(?:ed)?[ -]in\b",
            r"(?:auth\w*|authentication) (?:data|code|error|failure)|authenticat\w+",
            r"(?:token|session|ticket|signature|sig|scopes|(?:required|insufficient|missing"
            r"|lacks) scope|accreditation|access rights?)\b",
            r"(?:account|caller|client|user) (?:is |are |was )?(?:only|not|n't) (?:allowed"
            r"|permitted) to\b|^(?:disabled|inactive|locked|suspended) (?:account|login|user)\b"
            r"|licen[cs]e (?:has been |is |was )?(?:blocked|revoked)",
            r"(?:allow|white)-?list\w*|calls have been disabled",
            r"berechtigung\w*|erlaubnis|anmeld\w+|zugangs\w+|api-schl\wssel|kennwort|passwort",
            r"jeton|cl\w (?:d'|d’)?api|autorisations?\b|droits? d'acc\ws|identifiants?\b"
            r"|mot de passe",
            r"clave (?:de )?api|permisos?\b|contrase\wa|credencial\w*|sesi\wn|usuario est\w",
            r"(?:client|digital|provided|signing|user|your) certificate|passphrase|secret\b"
            r"|\w*credential\w*"
            r"|not (?:allowed|permitted|entitled) to (?:access|call|perform|read|see|use|view)\b"
            r"|(?:your|this|caller|source) ip\b|ip address",
            r"credenziali|accesso\b|autorizza\w+|autentica\w+|uprawnie\w+|has\w[ao]|logowani\w+"
            r"|zalogowa\w+"
            r"|dost\wpu\b|tokenu|tokenem|certyfikat\w*|opr\wvn\w+|p\wihl\w+|hesl[oa]|certifik\wt\w*"
            r"|beh\wrig\w+"
            r"|inlogg\w+|l\wsenord\w*|adgang\w*|rettighed\w*|tilgang\w*|passord\w*|yetki\w*"
            r"|\wifre\w*|oturum\w*"
            r"|kullan\wc\w",
            r"chave (?:de )?api|permiss\wo|senha\b|credencia\w+|sess\wo",
            r"api-?sleutel|toestemming|rechten\b|wachtwoord|inlog\w+|machtiging\w*",
        ),
        (_ANY,),
    ),
    (
        FailureKind.CREDENTIALS,
        (r"user ?name\b|user ?id\b",),
        (
            r"(?:bad|incorrect|invalid|missing|not (?:exist|found|recogni[sz]ed|valid)|required"
            r"|unknown"
            r"|wrong)\b",
        ),
    ),
    (
        FailureKind.RATE_LIMITED,
        (
            r"(?:requests|calls|connections|clients|queries|invocations|transactions)\b",
            r"(?:api|call|request|sending|send|frequency|concurrency) (?:\w+ )?(?:limit|quota"
            r"|policy)",
            r"(?:concurrent|simultaneous|parallel) \w+|(?:only )?one request|sms faster|rate\b",
            r"(?:\w+-)?(?:aufrufe|anfragen)n?\b|schneller als|appels\b|requ\wtes\b",
            r"(?:llamadas|peticiones|solicitudes|chamadas|requisi\w+es)\b",
            r"(?:\w+-)?(?:aanroepen|verzoeken)\b",
        ),
        (
            r"exceed\w*|limit\w*|reached|maximum|at the moment|allocation|allowance|faster than",
            r"\wberschritten|\w*limit\b|d\wpass\w+|atteint\w*|superad\w|excedid\w|alcanz\w+",
            r"ultrapass\w+|atingid\w|overschreden|bereikt",
        ),
    ),
    (
        FailureKind.CREDITS_EXHAUSTED,
        (
            r"lack of payment|payment issue|no (?:\w+ )?balance (?:\w+ )?(?:available|left"
            r"|remain\w*)",
            r"no (?:\w+ )?credits? (?:\w+ )?(?:available|left|remain\w*)",
            r"upgrade (?:your|to) (?:\w+ ){0,3}?(?:licen[cs]e|package|plan|subscription|tier)",
        ),
        (_ANY,),
    ),
    (
        FailureKind.CREDITS_EXHAUSTED,
        (
            r"credits?\b(?! (?:memos?|notes?|cards?))|quota\b|storage (?:space|quota|limit)\b",
            r"(?:conversion|account|prepaid) (?:\w+ )?balance|guthaben|kontingent|speicherplatz",
            r"cuota\b|saldo\b|cr\wditos?\b|tegoed|solde\b|opslag\w*",
        ),
        (
            r"exceed\w*|insufficient|sufficient|exhausted|reached|used up|zero|enough|limit\b"
            r"|no more",
            r"\wberschritten|ersch\wpft|insuf\w+|agotad\w|esgotad\w|excedid\w|superad\w|d\wpass\w+",
            r"overschreden|onvoldoende|onbeschikbaar",
        ),
    ),
    (
        FailureKind.CALLED_API_DOWN,
        (
            r"connect(?:ed|ing|ions?)?\b|socket|handshake|listener\b|(?:remote"
            r"|target) (?:computer|host|machine"
            r"|peer|server)|unknown host|host name",
        ),
        (
            r"(?:not|no|n't|fail\w*|error|cannot|unable|refus\w+|reject\w+|closed|lost|invalid"
            r"|unknown"
            r"|broken|reset|aborted|terminated|forcibly)\b",
            r"\w+n't\b",
        ),
    ),
    (
        FailureKind.CALLED_API_DOWN,
        (
            r"(?:server|service|backend|gateway|connection|communication|link|network|database)\b",
            r"servidor|servicio|serveur|servi\wo|dienst\b|verbindung|connexion|conexi\wn|conex\wo",
            r"serwer\w*|po\w\wczeni\w+|us\wug[ai]|serveru?|spojen\w|slu\wb[ay]|rete\b|connessione"
            r"|servizio"
            r"|sunucu\w*|ba\wlant\w\w*|f\wrbindelse\w*|anslutning\w*|forbindelse\w*|tj\wnsten?"
            r"|tjenesten?|r\wseau"
            r"|red\b|rede\b|netzwerk\w*|netwerk\w*|host\b",
            r"unable to communicate|(?:on )?our (?:end|side)",
        ),
        (
            r"unavailable\b(?! (?:between|for|from|in|on|to|with)\b)|not available|lost\b"
            r"|failure\b|busy|suspended|stopped|broken|closed\b",
            r"no disponible|indispon\w+|ca\wdo|nicht verf\wgbar|unterbrochen|niet beschikbaar",
            r"(?:is|was|are) (?:not|n't) (?:\w+ )?(?:reached|responding|running)|unresponsive"
            r"|does(?: not|n't)"
            r" respond|not respond\w*|crash\w*|nie odpowiada|nie dzia\wa|b\w\wd\w*|nereaguje"
            r"|neodpov\wd\w+|svarar inte"
            r"|svarer ikke|yan\wt vermiyor|hatas\w|non risponde|antwortet nicht|ne r\wpond pas"
            r"|no responde"
            r"|n\wo responde|reageert niet|fehler\w*|erreur|fout\b|fallo\b|falha\b",
            r"no connection|(?:on )?our (?:end|side)|communicate",
        ),
    ),
)
