"""Words in Italian, Polish, Czech, Swedish, Danish, Norwegian and Turkish that show a kind.

Stems of the few notions that decide, in the order of these languages. Letters with accents are
written `\\w`, as people leave them out too. Words that count only for API calls are apart.
"""

from retab_mcp.models import FailureKind

_FEW = r"(?:[^\W\d]+\W+){0,4}?"
# What a caller proves itself with, and what can be wrong with it.
_PROOF = (
    r"(?:password|parola|parol\w|token\w*|certificat\w|certyfikat\w*|certifik\wt\w*|sertifika\w*"
    r"|credenziali|chiave|has\w[ao]|hesl[oa]|klucz\w*|kl\w\w\w?|l\wsenord\w*|nyckeln?"
    r"|adgangskode\w*"
    r"|passord\w*|n\wgle\w*|\wifre\w*|anahtar\w*|podpis\w*|firma digitale|logowani\w+|p\wihl\w+"
    r"|inloggning\w*|innlogging\w*|oturum\w*|sesj[aię]|relace|sessione|jelsz\w|auth?enti[ckf]\w+"
    r"|uwierzytelni\w+|autentica\w+"
    r"|autoryzac\w+|autenti[sz]ering\w*|kimlik\w*|po\wwiadczeni\w+|utente|api[ -]?key|hash\w*)"
)
_WRONG = (
    r"(?:non valid[aoie]|errat[aoie]|scadut[aoie]|revocat[aoie]|mancante|fallit[ao]|sbagliat[ao]"
    r"|niepoprawn\w+|nieprawid\wow\w+|niewa\wn\w+|b\w\wdn\w+|wygas\w+|nieudan\w+|odrzucon\w+"
    r"|neplatn\w+|nespr\wvn\w+|chybn\w+|vypr\w\w+|selhal\w*|ogiltig\w*|felaktig\w*|utg\wtt"
    r"|misslyck\w+"
    r"|ugyldig\w*|forkert\w*|udl\wbet|utl\wpt|mislyk\w+|mislykt\w*|ge\wersiz\w*|hatal\w|yanl\w\w"
    r"|ba\war\ws\wz|s\wresi dol\w+|helytelen\w*|\wrv\wnytelen\w*)"
)
_DOCUMENT = (
    r"(?:file|documento|immagine|plik\w*|dokument\w*|obraz\w*|soubor\w*|fil(?:en)?|dosya\w*"
    r"|belge\w*"
    r"|pdf)"
)

KINDS: dict[FailureKind, tuple[str, ...]] = {
    FailureKind.RATE_LIMITED: (
        r"tropp[ei] (?:\w+ )?(?:richieste|connessioni|chiamate)|(?:richieste|chiamate) (?:\w+ )?al"
        r" (?:secondo|minuto)|limite (?:di|delle) (?:\w+ )?(?:richieste|chiamate)",
        r"(?:zbyt|za) (?:wiele|du\wo) (?:\w+ )?(?:\w\wda\w|zapyta\w|po\w\wcze\w|pr\wb)|zbyt cz\wsto"
        r"|limit\w* (?:\w+ )?(?:\w\wda\w|zapyta\w|po\w\wcze\w)",
        r"p\w\wli\w mnoho (?:\w+ )?(?:po\wadavk|dotaz|p\wipojen|pokus)\w+|p\w\wli\w \wasto",
        r"f\wr m\wnga (?:\w+ )?(?:f\wrfr\wg|anrop|beg\wran|anslut)\w+"
        r"|for mange (?:\w+ )?(?:foresp\wrgs|anmodning|kald|forbindelse|tilkobling)\w+",
        r"\wok fazla (?:\w+ )?(?:istek|ba\wlant\w|deneme|\wa\wr\w)",
    ),
    FailureKind.CREDITS_EXHAUSTED: (
        r"(?:saldo|credito|fondi|quota|sald\w|\wrodk\w\w|kredyt\w*|kredit\w*|z\wstatek"
        r"|prost\wedk\w"
        rf"|bakiye\w*|kontor\w*|kota\w*)\W+{_FEW}"
        r"(?:insufficient\w|esaurit\w|niewystarczaj\w+|wyczerpan\w+|nedosta\w+|vy\werp\w+"
        r"|otillr\wcklig\w*|utilstr\wkkelig\w*|opbrugt|yetersiz|t\wkendi|bitti)",
        r"(?:insufficient\w|niewystarczaj\w+|nedosta\w+|otillr\wcklig\w*|utilstr\wkkelig\w*"
        r"|yetersiz"
        r"|brak|mancanza di) (?:\w+ )?(?:saldo|credito|fondi|sald\w|\wrodk\w\w|kredyt\w*|kredit\w*"
        r"|z\wstatek|prost\wedk\w|bakiye)",
    ),
    FailureKind.DOCUMENT_UNREADABLE: (
        rf"{_DOCUMENT}\W+{_FEW}(?:danneggiat\w|protett\w|vuot\w|illeggibil\w|corrott\w|uszkodzon\w+"
        r"|zaszyfrowan\w+|pust[yae]|chronion\w+|po\wkozen\w*|za\wifrovan\w*|pr\wzdn\w|skadad"
        r"|krypterad"
        r"|tom\b|beskadiget|skadet|krypteret|bozuk|\wifreli|bo\w\b|hasarl\w)",
        r"(?:aprire|leggere|otworzy\w|odczyta\w|otev\w\wt|p\we\w\wst|\wppna|l\wsa|\wbne|l\wse"
        r"|\wpne)\W+"
        rf"(?:\w+\W+){{0,2}}?{_DOCUMENT}",
        rf"{_DOCUMENT}\W+{_FEW}(?:a\w\wlam\w\w\w\w|a\w\wlamad\w|okunamad\w)",
    ),
    FailureKind.CREDENTIALS: (
        rf"{_PROOF}\W+{_FEW}{_WRONG}|{_WRONG}\W+(?:[^\W\d]+\W+){{0,3}}?{_PROOF}\b",
        r"(?:accesso|permesso) (?:\w+ )?negato|non (?:\w+ )?(?:autorizzat\w|autenticat\w"
        r"|abilitat\w)"
        r"|permessi insufficienti",
        r"brak (?:\w+ )?(?:uprawnie\w|dost\wpu|autoryzacji)|nie (?:ma|masz|posiada\w*)"
        r" (?:\w+ )?(?:uprawnie\w|dost\wpu)|odmow\w+ dost\wpu|odm\wwiono dost\wpu"
        r"|dost\wp (?:\w+ )?zabroniony"
        r"|nieautoryzowan\w+|niezalogowan\w+",
        r"p\w\wstup (?:\w+ )?(?:odep\wen|zam\wtnut|zak\wz\wn)|nem\wte (?:\w+ )?(?:opr\wvn\w+"
        r"|p\w\wstup)"
        r"|nedostate\wn\w opr\wvn\w+|neopr\wvn\w+|neautorizov\w+",
        r"(?:saknar|har (?:inte|ikke)|mangler) (?:\w+ )?(?:beh\wrighet|\wtkomst|adgang|tilgang"
        r"|rettighed\w*|till\wtelse|tilladelse)|(?:\wtkomst|adgang|tilgang) (?:\w+ )?(?:nekad"
        r"|n\wgtet|nektet)|ikke (?:autorisere\w*|godkendt)|obeh\wrig\w*|uautorise\w+",
        r"yetki\w* (?:\w+ )?(?:yok|yetersiz)\w*|yetkisiz|eri\wim (?:\w+ )?(?:reddedildi"
        r"|engellendi)",
    ),
    FailureKind.TIMEOUT: (
        r"(?:tempo|timeout) (?:\w+ )?(?:scaduto|di attesa|massimo)|richiesta scaduta",
        r"czas\w* (?:\w+ )?(?:oczekiwania|up\wyn\w+|min\w+)|przekrocz\w+ (?:\w+ )?czas\w*"
        r"|up\wyn\w+ (?:\w+ )?(?:czas|termin oczekiwania|limit czasu)|limit\w* czasu",
        r"\wasov\w (?:\w+ )?limit|vypr\wel \was|tidsgr\wns\w*|tidsfrist\w*|zaman a\w\wm\w",
    ),
}

# A host that cannot be reached, whatever the block.
NO_CONNECTION = (
    r"(?:impossibile|non \w possibile) (?:\w+ ){0,2}?(?:conness\w+|connetter\w+|contattare"
    r"|raggiungere)"
    r"|connessione (?:\w+ )?(?:rifiutata|interrotta|fallita|persa|chiusa|non riuscita)"
    r"|non (?:\w+ )?raggiungibile",
    r"nie (?:mo\wna|uda\wo si\w|mog\w\w?|mo\we) (?:\w+ ){0,2}?po\w\wcz\w+|po\w\wczeni[ea] (?:\w+ )?"
    r"(?:odrzucone|przerwane|zerwane|nieudane|nie powiod\w+)|nieosi\wgaln\w+",
    r"(?:nelze|nepoda\wilo) (?:\w+ ){0,2}?p\wipoj\w+|p\wipojen\w (?:\w+ ){0,2}?(?:selhalo"
    r"|odm\wtnut\w*"
    r"|p\weru\wen\w*)",
    r"(?:kunde|kan|kunne) (?:inte|ikke) (?:\w+ ){0,3}?(?:anslut\w*|forbind\w+|tilkobl\w+|n\ws?\b)"
    r"|(?:anslutning\w*|forbindelse\w*|tilkobling\w*) (?:\w+ ){0,3}?(?:nekad\w*|afvist|avvist"
    r"|misslyck\w+|mislyk\w+|br\wts|afbrudt)",
    r"ba\wlant\w\w* (?:\w+ )?(?:kurulamad\w|reddedildi|kesildi|hatas\w)|ula\w\wlam\w+",
)
# A service that does not work now; counts only for API calls.
UNREACHABLE = (
    r"(?:servizio|server|sistema) (?:\w+ )?(?:non (?:\w+ )?disponibil\w|momentaneamente)"
    r"|manutenzione",
    r"errore (?:\w+ )?(?:intern[oa]|del (?:server|sistema)|di (?:rete|comunicazione|connessione))"
    r"|temporaneamente",
    r"niedost\wpn\w+|brak odpowiedzi|konserwacj\w+|przerw\w+ techniczn\w+"
    r"|b\w\wd\w* (?:\w+ )?(?:po\w\wczeni\w+"
    r"|komunikacji|serwera|wewn\wtrzn\w+|sieci)|wewn\wtrzny b\w\wd|chwilowo",
    r"nedostupn\w+|\wdr\wb\w|odst\wvk\w+|(?:vnit\wn\w|intern\w) chyba|chyba (?:\w+ )?(?:serveru"
    r"|spojen\w|komunikace|p\wipojen\w)|do\wasn\w",
    r"(?:databas\w*|servern?|system\w*|tj\wnst\w*|tjenest\w*)\b.{0,20}?\b(?:ej|inte|ikke) (?:tillg"
    r"|tilg|svar)\w+",
    r"otillg\wnglig\w*|utilg\wngelig\w*|utilgjengelig\w*|underh\wll|vedligehold\w*|vedlikehold\w*"
    r"|server(?:fel|fejl|feil)|(?:internt|tillf\wlligt|midlertidig\w*) (?:fel|fejl|otill\w+"
    r"|util\w+|ude)",
    r"bak\wm\w*|(?:sunucu|ba\wlant\w|sistem) hatas\w|ge\wici olarak|(?:kullan\wlam\w+"
    r"|hizmet d\w\w\w)",
)
# A request that was rejected; counts only for API calls.
REFUSED = (
    # Italian
    r"non (?:\w+ )?(?:esist\w+|trovat\w|\w (?:\w+ )?(?:valid|possibil|consentit|present)\w+|pu\w"
    r"|valid\w"
    r"|consentit\w|ammess\w|present\w|corrispond\w+|specificat\w|riconosciut\w|congruent\w"
    r"|coerent\w)",
    r"gi\w (?:\w+ )?(?:esist|present|stat|registrat|inviat|trasmess|elaborat|utilizzat)\w+"
    r"|obbligatori\w|dev(?:e|ono) (?:\w+ )?(?:essere|contenere)|duplicat\w|errat\w|mancant\w"
    r"|scartat\w|rifiutat\w|superiore (?:a|al)|inferiore (?:a|al)",
    # Polish
    r"nie (?:\w+ )?(?:istnieje|znalezion\w+|mo\we|mo\wna|odpowiada|zgadza|podan\w+|pasuje|dotyczy"
    r"|wolno"
    r"|spe\wnia|zosta\w\w?|jest)|ju\w (?:\w+)|musi (?:\w+ )?(?:by\w|zawiera\w)|wymagan\w+",
    r"niepoprawn\w+|nieprawid\wow\w+|niezgodn\w+|niedozwolon\w+|nieznan\w+ (?!b\w\wd)\w+"
    r"|zduplikowan\w+|powt\wrzon\w+|brak\w* (?!odpowied\w+|po\w\wcz\w+)\w+|odrzucon\w+"
    r"|zablokowan\w+"
    r"|zamkni\wt\w+|b\w\wdn[yaei]\w*",
    # Czech
    r"nelze\b|neexistuj\w+|nenalezen\w*|nebyl\w? nalezen\w*|ji\w (?:existuje|byl\w?|je)"
    r"|mus\w (?:b\wt"
    r"|obsahovat)|povinn\w+|neplatn\w+|nespr\wvn\w+|nesm\w|uzam\w+|zam\wen\w+|uzav\we\w+"
    r"|duplicit\w+"
    r"|chyb\wj\w+|neodpov\wd\w+|nen\w (?:platn|vypln|zad|povol|mo\wn)\w+",
    # Swedish, Danish and Norwegian
    r"(?:finns|finnes|findes|eksisterer) (?:inte|ikke|redan|allerede)|(?:redan|allerede) \w+"
    r"|m\wste (?:\w+ )?(?:vara|anges|inneh\wlla|fyllas)|(?:skal|m\w) (?:\w+ )?(?:v\wre|udfyldes"
    r"|angives|fylles|oppgis)",
    r"(?:inte|ikke) (?:\w+ )?(?:lik|lika|giltig\w*|gyldig\w*|till\wten|tilladt|tillatt|hittad\w*"
    r"|fundet"
    r"|funnet)"
    r"|hittades inte|ogiltig\w*|ugyldig\w*|felaktig\w*|saknas|mangler|(?:l\wst|last|stengt|lukket"
    r"|st\wngd)"
    r"\b|kr\wv(?:s|es)|p\wkr\wve[dt]|p\wkrevd|spar?rad|sp\wrret",
    # Turkish
    r"bulunamad\w|bulunmamaktad\wr|zaten|zorunlu\w*|gerekli\w*|ge\wersiz|mevcut de\wil|hatal\w"
    r"|olmal\w\w*|olamaz|kilitli|e\wle\wm\w+|uyu\wm\w+|m\wkerrer|kapal\w",
)
