"""Words in German, French, Spanish, Dutch and Portuguese that show a kind in every block.

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
    r"|credenciales|identifiants?|authentifizierung\w*|cl\w (?:de |d')?(?:s\wcurit\w|acc\ws"
    r"|connexion|authentification)"
    r"|hachage|signatur\w?|assinatura|firma digital|handtekening|sitzung|sesi\wn|sess\wo|sessie"
    r"|scope|inloggegevens)"
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
            r"onvoldoende (?:saldo|tegoed|krediet)|(?:nicht (?:gen\wgend|ausreichend\w*)|kein"
            r"|zu wenig)"
            r" (?:guthaben|kredit\w*)",
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
            r"(?:contenido|contenu|conte\wdo|inhalt|inhoud) (?:no legible|illisible|ileg\wvel"
            r"|nicht lesbar|onleesbaar)",
            r"(?:abrir|ouvrir|\wffnen|openen) (?:el |le |o |das |die |het )?(?:ar(?:ch|qu)ivo"
            r"|fichier|documento?|bestand|datei)",
            rf"(?:bestand|document)\W+{_FEW}(?:beschadigd|beveiligd|leeg|onleesbaar|corrupt"
            r"|te groot)",
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
            r"firma (?:digital )?(?:inv\wlida|no v\wlida|incorrecta)"
            r"|certificado\b.{0,20}?\bno (?:\w+ ){0,2}?"
            r"(?:vigente|v\wlido)",
            r"no tienes? (?:el |la |los |un )?(?:perfil|permisos?|acceso|rol|privilegios?)\b",
            r"anmeldung (?:ist )?(?:fehlgeschlagen|nicht m\wglich|verweigert|abgelehnt)",
            r"(?:ung\wltige|falsche[ns]?) (?:anmelde|zugangs)daten|falsches (?:pass|kenn)wort",
            r"(?:zugriff|zugang)\W+(?:\w+\W+){0,2}?(?:verweigert|untersagt)",
            r"(?:nicht|keine) (?:autorisiert|berechtigt|berechtigung\w*|angemeldet"
            r"|authentifiziert)",
            r"(?:authentifizierung|authentification|autenti[fc]i?caci\wn|autentica\w+o"
            r"|authenticatie)"
            rf"\W+{_FEW}(?:fehlgeschlagen|\wchou\w+|fall\w+|falhou|mislukt|requise|requerida)",
            rf"{_PROOF}\W+{_FEW}{_WRONG}|{_WRONG}\W+(?:\w+\W+){{0,3}}?{_PROOF}",
            r"(?:keine?|aucune?|sin|sem|geen|fehlende|pas (?:les |l'|d')?|no tienes?|n\wo tem)"
            r"(?: |\b)(?:\w+ )?(?:berechtigung\w*|autorisations?|permisos?|permiss\w+"
            r"|autori[zs]a\w+"
            r"|droits?|rechten|toegang|machtiging|acceso|acesso)",
            rf"(?:passwort|kennwort|mot de passe|contrase\wa|wachtwoord|senha)\W+{_FEW}"
            r"(?:fehlgeschlagen|falsch|ung\wltig|incorrect\w*|invalid\w*|inv\wlid[ao]|onjuist"
            r"|ongeldig)",
            r"(?:zertifikat|certificat|certificado|certificaat|token|jeton|sitzung|session|sesi\wn"
            rf"|sess\wo|sessie|schl\wssel)\W+{_FEW}"
            r"(?:abgelaufen|gesperrt|ung\wltig|expir[\w]+|caduc\w+|revocad\w+|r\wvoqu\w+|verlopen"
            r"|vencid\w+|invalide|inv\wlid[ao]|ongeldig)",
            r"(?:benutzer|gebruiker|usager|usuario|usu\wrio|utente"
            r"|utilisateur)\w*\b.{0,40}?\b(?:bloccat"
            r"|bloqu|d\wsactiv|deaktivier|desactivad|disattivat|geblokkeer|gesperr|inacti"
            r"|inativ)\w+",
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
            r"tempo (?:\w+ )?excedido|se agot\w el tiempo|wachttijd|antwortzeit \w*berschritten",
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
    r"(?:conexi\wn\W+(?:\w+\W+){0,3}?(?:rechazada|rehusada|fallida|perdida|cerrada))",
    r"(?:no se (?:pudo|puede)|no es posible|n\wo foi poss\wvel|imposs\wvel) (?:se )?cone[ck]tar",
    r"no se (?:pudo|puede) resolver|n\wo (?:foi poss\wvel|p\wde) resolver",
    r"(?:conex\wo\W+(?:\w+\W+){0,3}?(?:recusada|falhou|fechada|perdida))|falha (?:de|na) conex\wo"
    r"|(?:error|fallo) (?:de|en la) conexi\wn|erreur de connexion|verbindungsfehler|verbindingsfout"
    r"|kein listener",
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
    r"(?:est[\w]* )?(?:indisponibles?|indispon\wve(?:l|is)|nicht verf\wgbar)$"
    r"|servidor con problemas"
    r"|servidor com problemas|fuera de servicio|fora de servi\wo|hors service|au\wer betrieb",
    r"(?:servi[cz]io|servi\wo|servicio|sistema|dienst|serveur)\b.{0,30}?\b(?:no est\w disponible"
    r"|no (?:puede|pudo) (?:atender|procesar|responder)|n\wo est\w dispon\wvel"
    r"|non (?:\w )?disponibil\w)",
    r"keine antwort|sin respuesta|sem resposta|(?:pas de|aucune) r\wponse|nessuna risposta"
    r"|geen antwoord"
    r"|error en (?:la )?base de datos|erro no banco de dados",
    r"(?:servi\wo|sistema) (?:\w+ )?(?:paralisado|indispon\wvel|fora do ar)",
    r"(?:dienst|service|server) (?:\w+ ){0,2}?niet (?:beschikbaar|bereikbaar)",
)
# A request that was rejected; counts only for API calls.
REFUSED = (
    # Something could not be done, but for what a service cannot do that does not work.
    r"konnten? nicht (?!(?:\w+ )?(?:aufgel|erreich|geladen|geles|hergestellt|verarbeitet"
    r"|verbund)\w*)"
    r"\w+ werden|n'a pas pu \wtre (?!(?:charg|contact|lu\b|r\wsolu|trait)\w*)\w+",
    r"no se pudo (?!(?:acceder|cargar|comunicar|conectar|leer|obtener|procesar|resolver)\b)\w+",
    r"n\wo foi poss\wvel (?!(?:acessar|carregar|comunicar|conectar|ler|obter|processar"
    r"|resolver)\b)\w+",
    r"kon(?:den)? niet worden (?!(?:bereikt|geladen|gelezen|verwerkt)\b)\w+",
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
    r"unterscheide[nt] sich|unpassend\w*|weich(?:t|en) \w+ ab|(?:d\wrfen|darf|kann|k\wnnen|soll"
    r"|sollte|muss|m\wssen) (?:\w+ ){0,3}?(?:nicht|kein\w*|nur)"
    r"|unzul\wssig\w*|widersprech\w+|stimm(?:t|en) nicht|\wberschreite\w*|unterschreite\w*"
    r"|abgelehnt",
    # French
    r"d\wj\w \w+|exist\w+ d\wj\w|n'exist\w+|doublon|introuvables?|en double",
    r"(?:est|sont) (?:invalides?|incorrecte?s?|obligatoires?|cl\wtur\w+|inconnue?s?|requise?s?"
    r"|vides?)",
    r"(?:non|pas|plus) (?:valides?|trouv\w+|autoris\w+|reconnu\w*|pris en charge|support\w+)",
    r"aucune? \w+ (?:disponible|trouv\w+|correspond\w+)|n'est pas une?\b|doi(?:t|vent) (?:\wtre"
    r"|contenir|avoir)|(?:ne|n') ?(?:peut|peuvent|pouvez|doit|correspond\w*|sont|est) pas",
    r"interdit\w*|refus\w\w*|(?:est|sont) (?:d\wj\w )?(?:ferm|bloqu|cl\wtur|verrouill|supprim)\w+"
    r"|sup\wrieure? (?:\w|au)|inf\wrieure? (?:\w|au)|d\wpass\w+|dupliqu\w+|rompt la contrainte"
    r"|non unique",
    r"invalides?\b|incorrecte?s?$|manquante?s?\b|inconnue?s? \w+",
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
    r"(?:anterior|previa)mente|no se (?:encuentra|puede|permite|corresponde|acepta|reconoce|ha)"
    r"|n\wo (?:se |pode |deve |foi )\w+|rechazo|rejei\w+|(?:superior|inferior|mayor|menor|maior"
    r"|posterior) (?:a|al"
    r"|que)\b|(?:est\w|fue|foi) (?:cerrad|bloquead|anulad|cancelad|fechad|encerrad)[ao]|repetid[ao]"
    r"|no est\w (?:\w+)|fuera de (?:plazo|rango)|fora do (?:prazo|intervalo)",
    # Dutch
    r"dubbele?\b",
    r"bestaat (?:reeds|al|niet)|verplicht\b|ongeldige?\b|is (?:geblokkeerd|afgesloten"
    r"|non-?actief|leeg)",
    r"niet (?:gevonden|toegestaan|geldig|opgegeven|ondersteund|bekend|overeen)",
    r"(?:is|zijn) (?:geen|niet)\b|geen geldige?|geen \w+ (?:verzonden|gevonden|opgegeven"
    r"|aangeleverd)",
    r"(?:moet|dient|mag|kan) (?:niet )?(?:\w+ ){0,3}?(?:zijn|worden)|onbekende? (?!fout)\w+"
    r"|ontbre\w+",
)
