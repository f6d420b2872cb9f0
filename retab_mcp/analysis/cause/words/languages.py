"""Words in German, French, Spanish, Dutch, Portuguese and Japanese that show a kind in every block.

Letters with accents are written as they are; `\\w` is for those that people leave out too.
"""

from retab_mcp.models import FailureKind

_FEW = r"(?:\w+\W+){0,4}?"
# What a caller proves itself with, and what can be wrong with it.
_PROOF = (
    r"(?:api[ -]?(?:key|schl\wssel|token|sleutel)|cl\w (?:d')?api|clave(?: de)? api"
    r"|chave(?: de)? api"
    r"|(?:access[ -]?|zugangs-?|zugriffs-?)?token|jeton|authori[sz]ation header|anmeldedaten"
    r"|zugangsdaten|schl\wssel|session-?id|hash de seguran\wa|passwort|kennwort|mot de passe"
    r"|contrase\wa|wachtwoord|senha|zertifikat|certificat|certificado|certificaat|credenciais"
    r"|credenciales|identifiants?|sitzung|sesi\wn|sess\wo|sessie|scope|inloggegevens)"
)
_WRONG = (
    r"(?:abgelaufen|ung\wltig\w*|gesperrt|falsch\w*|widerrufen|fehlt|fehlend\w*|nicht (?:g\wltig"
    r"|vorhanden)"
    r"|expir\w+|invalide?s?|inv\wlid[ao]s?|r\wvoqu\w+|manquante?s?|incorrect\w*|pas valide"
    r"|caduc\w+|revocad\w+|eliminad\w+|faltante|vencid\w+|ausente|incorret\w+|n\wo \w+ v\wlid\w"
    r"|ontbre\w+|ongeldig\w*|verlopen|ingetrokken|onjuist\w*|mislukt)"
)

LANGUAGES: tuple[tuple[FailureKind, tuple[str, ...]], ...] = (
    (
        FailureKind.RATE_LIMITED,
        (
            r"(?:zu viele|trop d[e']|demasiad[ao]s|te veel|muit[ao]s|excesso de)"
            r" ?(?:\w+ )?(?:requests|calls|anforderungen|anfragen|requ\wtes|solicitudes"
            r"|peticiones|verzoeken"
            r"|requisi\w+|appels"
            r"|llamadas|chamadas|consultas|aufrufe|verbindungen|connexions|conexiones)",
            r"(?:limite?|l\wmite|limiet|maximum)\W+(?:de |d'|van |an )?(?:\w+ )?(?:requ\wtes"
            r"|peticiones"
            r"|solicitudes|requisi\w+|verzoeken|anfragen|appels|llamadas|chamadas|requests)",
            r"(?:d\wpass\w+|atteint\w*|excedido|superado|alcanzado|\wberschritten|overschreden)\W+"
            r"(?:\w+\W+){0,2}?(?:limite?|l\wmite|limiet|grenzwert)(?! de (?:tu |su |la )?cuota)",
            r"anfragelimit|ratenlimit|aufruflimit|d\wbit (?:\w+ )?d\wpass\w+",
        ),
    ),
    (
        FailureKind.CREDITS_EXHAUSTED,
        (
            r"(?:kontingent|guthaben|solde|saldo|cr\wditos?|cr\wdits?|quota|cuota|tegoed|limiet)"
            rf"\W+{_FEW}(?:ersch\wpft|aufgebraucht|verbraucht|\wpuis\w+|insuffisant\w*"
            r"|insuficientes?|agotad\w+|esgotad\w+|ontoereikend|verbruikt|onvoldoende|d\wpass\w+)",
            r"(?:cr\wdits?|solde|cr\wditos?|saldo) (?:insuffisant|insuficiente)s?",
            r"(?:alcanzado|superado|excedido|atteint|d\wpass\w|atingido|bereikt|\wberschritten)\W+"
            rf"{_FEW}(?:cuota|quota|cota|cr\wditos|kontingent)",
            r"onvoldoende (?:saldo|tegoed|krediet)|(?:nicht gen\wgend|kein) guthaben",
        ),
    ),
    (
        FailureKind.DOCUMENT_UNREADABLE,
        (
            rf"(?:dokument|datei|pdf|bild)\W+{_FEW}"
            r"(?:passwort\w*|besch\wdigt|leer|nicht lesbar|verschl\wsselt|zu gro\w+|gr\w+er als)",
            rf"(?:fichier|document|archivo|documento|pdf|arquivo|imagen|image)\W+{_FEW}"
            r"(?:corromp\w+|endommag\w+|prot\wg\w+|vide|da\wad[ao]|corrupt[ao]|vac\w[ao]"
            r"|danificad[ao]|corrompid[ao]|protegid[ao]|illisible|ilegible|ileg\wvel)",
            rf"(?:bestand|document)\W+{_FEW}(?:beschadigd|beveiligd|leeg|onleesbaar|corrupt"
            rf"|te groot)",
            r"(?:dateityp|dateiformat|type de fichier|format de fichier|tipo de ar(?:ch|qu)ivo"
            rf"|formato de ar(?:ch|qu)ivo|bestandstype|bestandsindeling)\W+{_FEW}"
            r"(?:nicht|non|no|n\wo|niet)\b",
        ),
    ),
    (
        FailureKind.STORAGE,
        (r"speicher\W+(?:\w+\W+){0,2}?voll", r"(?:disque|disco) (?:plein|llen\w|cheio)"),
    ),
    (
        FailureKind.MISSING_INPUT,
        (
            r"eingaben?\W+(?:\w+\W+){0,2}?(?:fehl\w+|leer)",
            r"(?:keine|aucune?) (?:eingabe|daten|donn\we|entr\we|dokument)\w*\W+(?:\w+\W+){0,3}?"
            r"(?:erhalten|empfangen|re\wue?s?|vorhanden)",
            r"entrada (?:ausente|vac\wa|faltante)|no se recibi\w (?:documento|entrada|ning\w+)",
        ),
    ),
    (
        FailureKind.SCHEMA_VIOLATION,
        (
            r"pflichtfeld(?:er)? (?:\w+ )?fehl\w+",
            r"(?:champs?|campos?) (?:obligatoires?|obligatorios?|requis|requeridos?)",
        ),
    ),
    (
        FailureKind.CREDENTIALS,
        (
            r"anmeldung (?:ist )?(?:fehlgeschlagen|nicht m\wglich|verweigert|abgelehnt)",
            r"(?:ung\wltige|falsche[ns]?) (?:anmelde|zugangs)daten|falsches (?:pass|kenn)wort",
            r"(?:zugriff|zugang)\W+(?:\w+\W+){0,2}?(?:verweigert|untersagt)",
            r"(?:nicht|keine) (?:autorisiert|berechtigt|berechtigung\w*|angemeldet"
            r"|authentifiziert)",
            rf"(?:authentifizierung|authentification|autenti[fc]i?caci\wn|autentica\w+o"
            rf"|authenticatie)"
            rf"\W+{_FEW}(?:fehlgeschlagen|\wchou\w+|fall\w+|falhou|mislukt|requise|requerida)",
            rf"{_PROOF}\W+{_FEW}{_WRONG}|{_WRONG}\W+(?:\w+\W+){{0,3}}?{_PROOF}",
            r"(?:keine?|aucune?|sin|sem|geen|fehlende|pas (?:les |l'|d')?|no tienes?|n\wo tem)"
            r"(?: |\b)(?:\w+ )?(?:berechtigung\w*|autorisations?|permisos?|permiss\w+"
            r"|autori[zs]a\w+"
            r"|droits?|rechten|toegang|machtiging|acceso|acesso)",
            rf"(?:passwort|kennwort|mot de passe|contrase\wa|wachtwoord|senha)\W+{_FEW}"
            r"(?:fehlgeschlagen|falsch|ung\wltig|incorrect\w*|invalid\w*|inv\wlid[ao]|onjuist"
            r"|ongeldig)",
            rf"(?:zertifikat|certificat|certificado|certificaat|token|jeton|sitzung|session|sesi\wn"
            rf"|sess\wo|sessie|schl\wssel)\W+{_FEW}"
            r"(?:abgelaufen|gesperrt|ung\wltig|expir[\w]+|caduc\w+|revocad\w+|r\wvoqu\w+|verlopen"
            r"|vencid\w+|invalide|inv\wlid[ao]|ongeldig)",
            r"identifiants? (?:\w+ )?(?:invalides?|incorrects?)|mot de passe (?:incorrect"
            r"|invalide)",
            r"acc\ws (?:\w+ )?(?:refus\w+|interdit)|non (?:authentifi\w|autoris\w)",
            r"(?:acceso|acesso) (?:denegado|negado|prohibido)|no (?:autorizado|autenticado)",
            r"n\wo (?:autorizado|autenticado)|(?:sin|sem) (?:permisos?|permiss\w+|autori[zs]a\w+)",
            r"credenciales (?:inv\wlidas|incorrectas)|credenciais (?:inv\wlidas|incorretas)",
            r"toegang (?:is |was )?(?:geweigerd|ontzegd)|niet (?:gemachtigd|geautoriseerd|bevoegd)",
            r"(?:geen|onvoldoende) (?:rechten|machtiging|toegang)|inloggen (?:is )?mislukt",
            r"(?:droits?|permissions?) insuffisante?s?|permis(?:os|s\wes) insuficientes",
        ),
    ),
    (
        FailureKind.TIMEOUT,
        (
            r"zeit\w?berschreitung|zeitlimit",
            r"timeout\b",
            r"(?:d\wlai|temps)\W+(?:\w+\W+){0,7}?(?:d\wpass\w+|expir\w+|\wcoul\w+)",
            r"tiempo de espera|agot\w+ el tiempo",
            r"tempo (?:limite|de espera|esgotado)|time-out",
        ),
    ),
)

# A host that cannot be reached, whatever the block.
NO_CONNECTION = (
    r"(?:verbindung\W+(?:\w+\W+){0,6}?(?:abgelehnt|verweigert\w*|fehlgeschlagen"
    r"|hergestellt werden))",
    r"keine verbindung (?:hergestellt|m\wglich|zum)|nicht (?:erreichbar|aufgel\wst werden)",
    r"(?:connexion\W+(?:\w+\W+){0,4}?(?:refus\w+|impossible|\w*chou\w*))",
    r"impossible de (?:se connecter|joindre|contacter)|n'a pas pu \wtre r\wsolu|injoignable",
    r"(?:conexi\wn\W+(?:\w+\W+){0,3}?(?:rechazada|rehusada|fallida))",
    r"(?:no se (?:pudo|puede)|no es posible|n\wo foi poss\wvel|imposs\wvel) (?:se )?cone[ck]tar",
    r"no se (?:pudo|puede) resolver|n\wo (?:foi poss\wvel|p\wde) resolver",
    r"(?:conex\wo\W+(?:\w+\W+){0,3}?(?:recusada|falhou|fechada))",
    r"(?:kan|kon) (?:geen|niet) (?:verbinding|verbinden|\w+ bereiken)|verbinding (?:geweigerd"
    r"|verbroken)",
)
# A service that does not work now; counts only for API calls.
UNREACHABLE = (
    r"(?:interner? )?(?:server|system)fehler|erreur (?:\w+ )?(?:du |c\wt\w )?(?:serveur|interne)",
    r"err?ore? intern[oa]|error (?:\w+ )?(?:del?|en el) (?:servidor|comunicaci\wn)"
    r"|error de comunicaci\wn",
    r"erro (?:\w+ )?(?:do|no|de) (?:servidor|comunica\w+)|fout (?:\w+ )?(?:aan|op"
    r"|bij) (?:de )?server\w*",
    r"interne (?:server)?fout|(?:vor\wbergehend|tempor\wr|momentan|derzeit) nicht",
    r"(?:temporalmente|temporairement|momentan\wment|momentaneamente|temporariamente|tijdelijk)",
    r"wartung\b|schlechtes gateway|passerelle incorrecte|puerta de enlace|(?:fonte|servi\wo"
    r"|servicio|service|quelle|source)\b.{0,30}?\bindispon\w+",
    r"wartungsarbeiten|dienst (?:\w+ ){0,3}?nicht verf\wgbar|en maintenance|en mantenimiento",
    r"service (?:\w+ )?indisponible|servicio (?:\w+ )?no disponible",
    r"(?:servi\wo|sistema) (?:\w+ )?(?:paralisado|indispon\wvel|fora do ar)",
    r"(?:dienst|service|server) (?:\w+ ){0,2}?niet (?:beschikbaar|bereikbaar)",
)
# A request that was rejected; counts only for API calls.
REFUSED = (
    # German
    r"(?:bereits|schon) \w+|existier\w+|doppelt\w*|gibt es (?:bereits|keine?n?)",
    r"(?:nicht|keine?n?) (?:als |mehr )?(?:\w+ )?(?:zul\wssig|erlaubt|ge\wffnet|gefunden|bebuchbar"
    r"|g\wltig\w*|unterst\wtzt|angegeben|bestimmt|erkannt|m\wglich|vorhanden|plausibel|bekannt)",
    r"ung\wltig\w*|falsche[rsn]? \w+|kein\w* .{0,60}?\b(?:verf\wgbar|vorhanden)|wird bereits"
    r"|(?:ist|sind) (?:\w+ )?(?:gesperrt|geschlossen|storniert"
    r"|ausgeglichen|erforderlich|inaktiv|mehrdeutig|leer|zu (?:lang|kurz|gro\w+|klein))",
    r"m(?:uss|\wssen)\b.{0,80}?\b(?:sein|werden|enthalten)|(?:kann|darf|d\wrfen|k\wnnen) nicht",
    r"pflichtfeld\w*|pflichtangabe\w*|entspricht nicht|\bfehl(?:t|en|ende[rsn]?)\b",
    r"unbekannte[rsn]? (?!fehler|grund|ausnahme|host|server)\w+",
    # French
    r"d\wj\w \w+|exist\w+ d\wj\w|n'exist\w+|doublon|introuvables?|en double",
    r"(?:est|sont) (?:invalides?|incorrecte?s?|obligatoires?|cl\wtur\w+|inconnue?s?|requise?s?"
    r"|vides?)",
    r"(?:non|pas|plus) (?:valides?|trouv\w+|autoris\w+|reconnu\w*|pris en charge|support\w+)",
    r"aucune? \w+ (?:disponible|trouv\w+|correspond\w+)|n'est pas une?\b|doi(?:t|vent) (?:\wtre"
    r"|contenir|avoir)|(?:ne|n') ?(?:peut|peuvent|pouvez|doit|correspond\w*|sont|est) pas",
    r"invalides?\b|manquante?s?\b|inconnue?s? \w+",
    # Spanish and Portuguese
    r"ya (?:existe|est\w|fue|ha)|j\w (?:existe|cadastrad[ao]|est\w|foi)|duplicad[ao]|duplicidade",
    r"(?:no|n\wo) (?:existe|est\w|se encontr\w|fue|foi|v\wlid\w|encontrad[ao]|cadastrad[ao]"
    r"|permitid[ao]"
    r"|habilitad[ao]|corresponde|coincide|soportad\w|informad[ao])",
    r"no se admite|no hay ning\w+|nenhum\w? \w+ dispon\wvel|incorrect[ao]s?\b|(?:no|n\wo) (?:es"
    r"|\w|puede|pode)\b|(?:nenhum|ning\wn) \w+ encontrad[ao]|inexistente",
    r"(?:es|\w|son|s\wo) (?:obligatori|obrigat\wri|requerid|inv\wlid|desconocid|desconhecid)\w+",
    r"deben? (?:ser|contener|tener|estar)|devem? (?:ser|conter|ter|estar)|inv\wlid[ao]s?\b",
    r"reje[ij]\w+o\b|rechazad[ao]|rejeitad[ao]|obligatori[ao]|obrigat\wri[ao]|vac\w[ao]s?\b",
    # Dutch
    r"bestaat (?:reeds|al|niet)|verplicht\b|ongeldige?\b|is (?:geblokkeerd|afgesloten"
    r"|non-?actief|leeg)",
    r"niet (?:gevonden|toegestaan|geldig|opgegeven|ondersteund|bekend|overeen)",
    r"(?:is|zijn) (?:geen|niet)\b|geen geldige?|geen \w+ (?:verzonden|gevonden|opgegeven"
    r"|aangeleverd)",
    r"(?:moet|dient|mag|kan) (?:niet )?(?:\w+ ){0,3}?(?:zijn|worden)|onbekende? (?!fout)\w+"
    r"|ontbre\w+",
)

# Japanese has no spaces between words, so these count anywhere. The first one decides.
JAPANESE: tuple[tuple[FailureKind, str], ...] = (
    (FailureKind.CALLED_API_DOWN, r"(?:サービス|サーバー?|システム).{0,8}(?:停止|ダウン)"),
    (
        FailureKind.RATE_LIMITED,
        r"(?:リクエスト|アクセス|呼び出し|API).{0,12}(?:制限|上限|回数).{0,8}(?:超|達)|リクエストが多すぎ",
    ),
    (
        FailureKind.CREDITS_EXHAUSTED,
        r"(?:クレジット|残高|利用枠|ポイント).{0,8}(?:不足|使い切|ありません)",
    ),
    (
        FailureKind.CREDENTIALS,
        r"(?:API|アクセス) ?(?:キー|トークン).{0,12}(?:ありません|無効|切れ|見つかりません)",
    ),
    (FailureKind.TIMEOUT, r"タイムアウト|時間切れ|制限時間"),
    (
        FailureKind.DOCUMENT_UNREADABLE,
        r"(?:ファイル|文書|ドキュメント|画像|PDF).{0,16}"
        r"(?:破損|壊れ|開けません|開くことができません|読み込めません|読み取れません|パスワード|空です"
        r"|対応していない|サポートされていません|大きすぎ)",
    ),
    (
        FailureKind.CREDENTIALS,
        r"(?:トークン|キー|セッション|証明書|パスワード|ログイン|認証|資格情報).{0,12}"
        r"(?:切れ|無効|失敗|誤|違|正しくありません|必要|拒否|期限)|(?:権限|許可).{0,6}"
        r"(?:ありません|ない|必要|不足)|アクセス(?:が|は)?(?:拒否|できません)",
    ),
    (
        FailureKind.CALLED_API_DOWN,
        r"接続(?:が|は|を)?.{0,8}(?:できません|失敗|拒否|切断|確立)|メンテナンス中|サーバー?.{0,4}エラー"
        r"|サービスを?(?:が|は)?利用できません|混み合って",
    ),
)
JAPANESE_REFUSED = (
    r"正しくありません|不正|無効|不足|エラーです|なければなりません|存在しません|見つかりません|すでに|既に|重複|必須|入力してください"
    r"|指定してください|できません"
)
