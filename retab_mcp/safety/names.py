"""Tell by a name whether what it names is a credential, and of which kind."""

import re
from enum import StrEnum, auto
from functools import lru_cache

from retab_mcp.safety.foreign import FOREIGN_CODES, foreign_name_in
from retab_mcp.safety.view import UNKNOWN_LETTER, fold

_LONGEST_NAME = 200  # a longer key is data, and splitting it would cost time
_CACHED_NAMES = 4096


class Kind(StrEnum):
    """How surely a name announces a credential, which decides what its value may still show."""

    PASSWORD = auto()
    """Anything but a reason or a placeholder is hidden."""
    KEY = auto()
    """As for a password, but several plain words are a text about something."""
    TOKEN = auto()
    """A plain word is a token of a language, too."""
    AUTHORIZATION = auto()
    """A scheme and what follows it; else only what looks random."""
    COOKIE = auto()
    """`name=value` pairs; else only what looks random."""
    CREDENTIALS = auto()
    """Objects of credentials; degrees of a physician stay."""
    CODE = auto()
    """Digits or a short code that is valid once."""
    PHRASE = auto()
    """A recovery phrase: six words or more."""
    SESSION = auto()
    """The id of a session: what holds a digit is hidden."""
    WEAK = auto()
    """A name that mostly means something else: only what looks random is hidden."""


def words_of(text: str) -> frozenset[str]:
    """Return the words of a list of words."""
    return frozenset(text.split())


_WORD = re.compile(rf"[A-Z]+(?![a-z{UNKNOWN_LETTER}])|[A-Z]?[a-z{UNKNOWN_LETTER}]+|[0-9]+")

_PASSWORDS = words_of(
    "password passwords passwd passwds passwort passworter kennwort kennworter pwd pword pw psw "
    "psk passphrase passcode passkey passwrd paswoord wachtwoord wachtwoorden contrasena "
    "contrasenya senha senhas palavrapasse haslo heslo jelszo salasana losenord losen passord "
    "adgangskode adgangskoder sifre sifreniz sifresi parola lozinka geslo slaptazodis parool mdp "
    "motdepasse motpasse motsdepasse kodeord katasandi zugangscode"
)
_PASSWORD_ENDINGS = (
    *("password", "passwd", "passphrase", "passcode", "passwort", "kennwort", "wachtwoord"),
    *("contrasena", "contrasenia", "passord", "losenord", "adgangskode"),
)
# Of several words, in a row.
_PASSWORD_PHRASES = (
    *(
        "mot de passe",
        "mots de passe",
        "palavra passe",
        "palavra chave",
        "pass word",
        "pass code",
        "pass phrase",
    ),
    *(
        "kata sandi",
        "mat khau",
        "parola d ordine",
        "clave de acceso",
        "clave secreta",
        "one time pad",
    ),
)
# `pass` alone also counts tests: it names a password when it is last, and other words decide.
_PASS_OWNERS = (
    *(
        "db",
        "database",
        "smtp",
        "ftp",
        "sftp",
        "user",
        "root",
        "admin",
        "mysql",
        "pg",
        "sql",
        "imap",
    ),
    *("mail", "email", "login", "ssh", "proxy", "api", "redis", "ldap", "http", "wifi", "mongo"),
    *(
        "basic",
        "auth",
        "bind",
        "keystore",
        "my",
        "ssh",
        "account",
        "rabbitmq",
        "amqp",
        "jdbc",
        "host",
        *words_of(
            "rabbit mq broker cache elastic es kafka couch cassandra influx grafana jenkins "
            "nexus erp sap crm odoo portal webdav soap svc service app client server system sys "
            "cert pfx p12 pkcs12 truststore zip pdf vpn rdp wlan router sudo vault oracle mssql "
            "sqlserver snowflake warehouse s3 sharepoint exchange ad domain edi as2 "
            "gateway key archive default guest"
        ),
    ),
)
_SECRET_KEY_KINDS = words_of(
    "api secret signing encryption decryption hmac subscription functions function ssh private "
    "symmetric crypto cipher webhook deploy admin consumer app application integration gpg pgp "
    "rsa aes tsig wrapping access account shared auth fernet jwt jwe unseal crypt"
)
# Keys to doors and of databases have these names too.
_WEAK_KEY_KINDS = words_of(
    "master session service license licence storage host user client server tenant root "
    "activation write read ingest ingestion device authentication team developer partner "
    "merchant management maps security personal platform stripe openai anthropic mistral gemini "
    "azure aws google sendgrid mailgun twilio deepl mapbox algolia pinecone django flask"
)
_KEY_WORDS = words_of(
    "apikey apikeys secretkey privatekey signingkey encryptionkey accesskey apisecret appsecret "
    "clientsecret sharedsecret consumersecret webhooksecret appkey sharedaccesskey accountkey "
    "apischlussel zugangsschlussel zugriffsschlussel geheimschlussel connectionstring"
)
_TOKEN_WORDS = words_of(
    "token jwt bearer accesstoken authtoken refreshtoken idtoken bearertoken sessiontoken "
    "apitoken bottoken usertoken jeton zugangstoken"
)
_TOKEN_KINDS = words_of(
    "access refresh auth bearer api session id secret csrf xsrf user device bot"
)
# `max_token` counts, `next_page_token` is a position, an unexpected token is one of a language.
_HARMLESS_TOKEN_KINDS = words_of(
    "max min num n per page next previous prev pagination continuation continue sync unexpected "
    "expected illegal unrecognized unknown special stop start end eos bos pad first last word "
    "sub cancellation cancel"
)
_SECRET_WORDS = words_of("secret secrets segreto secreto segredo geheim geheimnis salaisuus")
_SECRET_PHRASES = (
    *("cle secrete", "shared secret", "cle api", "cle d api", "cle d acces", "cle privee"),
    *("clave api", "clave de api", "clave de la api", "clave privada", "chave api", "chave de api"),
    *("chave da api", "chave secreta", "chave privada", "chiave api", "chiave segreta"),
    *("chiave privata", "chiave di accesso", "api schlussel", "geheimer schlussel"),
    *("privater schlussel", "klucz api", "klucz prywatny", "api sleutel", "api nyckel"),
    *("api nokkel", "api klucz", "zugriffsschlussel"),
)
_CREDENTIALS = words_of("credential credentials creds cred zugangsdaten anmeldedaten identifiants")
_AUTHORIZATIONS = words_of("authorization authorisation auth authentication basicauth")
_COOKIES = words_of("cookie cookies")
_SESSIONS = words_of(
    "sessionid sessid phpsessid jsessionid sid sessionkey aspsessionid sessionhash sess"
)
_CODES = words_of(
    "otp totp hotp cvv cvc cvv2 cvc2 csc mfa 2fa tan mtan smstan itan pushtan "
    "phototan chiptan pin einmalpasswort puk"
)
# Digits are words of their own: `2fa_code` is read as three.
_CODE_PHRASES = (
    *("one time code", "one time passcode", "verification code", "security code", "login code"),
    *("mfa code", "2 fa code", "two factor code", "sms code", "otp code", "totp code", "pin code"),
    *(
        "backup code",
        "backup codes",
        "recovery code",
        "recovery codes",
        "access code",
        "device code",
    ),
    *("sign in code", "auth otp", "card verification", "bestatigungscode", "tan code"),
    *("code de verification", "codigo de verificacion", "codice di verifica", "einmalcode", "pin"),
)
_PHRASES = (
    *("mnemonic", "mnemonics", "seed phrase", "recovery phrase", "secret phrase", "seed words"),
    *("secret recovery phrase", "backup phrase", "recovery words", "wallet seed", "bip 39"),
    *("secret words", "mnemonic phrase", "wallet phrase", "seed"),
)
# Names that are common and mean a credential only where the value looks random.
_WEAK = words_of("key code sig hmac sas pat schlussel")
_PAT_OWNERS = words_of(
    "gitlab github azure devops ado jira atlassian snowflake airtable databricks asana figma "
    "notion hubspot docker npm bitbucket linear gitea zendesk"
)
# Words that make a name speak *about* a credential.
_ABOUT = words_of(
    "id ids count counts total totals limit limits usage used budget name names type types kind "
    "status state expires expiry expiration exp at length len size valid required present "
    "enabled created updated rotated changed url urls uri endpoint endpoints method methods "
    "mode scheme schemes provider version policy policies consent cost price rate index "
    "position schema field fields date time number no nr num error errors message messages "
    "reason description label title likelihood confidence score per ref reference hint hints "
    "amount code codes requirement requirements required rules rule strength reset resets "
    "manager santa issuer audience scope scopes location path file format prefix suffix "
    "algorithm alg bytes bits ttl max min by level banner notice preferences exists missing "
    "expired invalid verified attempts retries is has percent ratio logprobs logprob ids flavor "
    "flavour dough jar sauce box sheet recipe ring"
)
# Of those, what names a credential all the same when it is what the name ends with.
_STILL_SECRET = {
    "number": _CODES,
    "code": _CODES | {"device"},
    "codes": _CODES,
}
# After a secret word these add nothing.
_NEUTRAL = words_of(
    "value val values text string str header headers old new current previous prev next prod "
    "production dev development test testing staging stage live sandbox primary secondary "
    "backup confirm confirmation repeat again hash hashed encrypted plain plaintext raw base64 "
    "b64 hex md5 sha1 sha256 bcrypt default temp temporary initial final db user admin env var "
    "key v data input output json the middleware encoded enc for of"
)
_ABOUT_PASSWORDS = words_of("forgot forgotten has show hide is use uses needs requires recover")
_NOT_BEFORE = words_of("prior pre public no policy foreign without last")

# Names that count with their letters apart, too: `M.d.P`.
# Not those without a digit: `p_in` is an input.
_SPELLED_CODES = frozenset(code for code in _CODES if not code.isalpha())
SPELLED_NAMES = _PASSWORDS | _SPELLED_CODES
# Every name of a credential in Latin letters has one of these words or phrases.
VOCABULARY = frozenset(
    (
        *(_PASSWORDS | _KEY_WORDS | _TOKEN_WORDS | _SECRET_WORDS | _CREDENTIALS | _AUTHORIZATIONS),
        *(_COOKIES | _SESSIONS | _CODES | _WEAK),
        *(_PASSWORD_ENDINGS + _PASSWORD_PHRASES + _SECRET_PHRASES + _CODE_PHRASES + _PHRASES),
        *("pass", "key", "keys", "tokens", "session", "connection"),
    )
)


@lru_cache(maxsize=_CACHED_NAMES)
def kind_of(name: str) -> Kind | None:
    """Return of which kind a credential is whose name this is; None for any other name.

    Names are read in whole words, in any case and with any separator (`X-Api-Key`, `apiKey`,
    `api key`), in several languages and with look-alike letters. Counts (`total_tokens`) and what
    is only about a credential (`api_key_id`, `token_type`) are no credentials.
    """
    if not name or len(name) > _LONGEST_NAME:
        return None
    if foreign := foreign_name_in(name):
        return Kind.CODE if foreign in FOREIGN_CODES else Kind.PASSWORD
    words = [word.lower() for word in _WORD.findall(fold(name))]
    if not words:
        return None
    whole = "".join(words)
    if whole in _PASSWORDS:  # in capitals of its own, as in `MdP`
        return Kind.PASSWORD
    if whole in _SPELLED_CODES:  # read as several words, as `2` and `FA`
        return Kind.CODE
    return _by_phrase(words) or _by_word(words)


def is_secret_key(key: str) -> bool:
    """Return whether the value under a key may be a credential, whatever it looks like."""
    return kind_of(key) not in (None, Kind.WEAK)


def _by_phrase(words: list[str]) -> Kind | None:
    spoken = f" {' '.join(words)} "
    for phrases, kind in (
        (_PHRASES, Kind.PHRASE),
        (_PASSWORD_PHRASES, Kind.PASSWORD),
        (_SECRET_PHRASES, Kind.KEY),
        (_CODE_PHRASES, Kind.CODE),
    ):
        for phrase in phrases:
            before, found, after = spoken.partition(f" {phrase} ")
            if (
                found
                and not _ABOUT.intersection(after.split())
                and _is_whole(phrase, before, after)
            ):
                return kind
    return None


def _is_whole(phrase: str, before: str, after: str) -> bool:
    # `seed` and `pin` alone are also a number for randomness and a part of a machine.
    if phrase == "seed":
        return not before.strip() and not after.strip()
    if phrase == "pin":
        return not after.strip() or after.split()[0] in ("number", "nr", "value")
    return True


def _by_word(words: list[str]) -> Kind | None:
    if words[0] == "x" and words[-1] == "key":
        return Kind.KEY
    for place, word in enumerate(words):
        before = words[place - 1] if place else ""
        kind = _kind_of_word(word, before, place == len(words) - 1)
        if kind is None:
            continue
        after = words[place + 1 :]
        if kind is Kind.PASSWORD and before in _ABOUT_PASSWORDS:
            return None
        if kind is Kind.AUTHORIZATION and _NOT_BEFORE.intersection(words[:place]):
            return None
        about = [each for each in after if each in _ABOUT]
        if about:
            if word in _STILL_SECRET.get(about[0], ()):
                return kind
            # `secret_id` of a vault is a credential, `token_id` mostly is not.
            later = _by_word(after) if len(after) > 1 else None
            return later or (Kind.WEAK if after == ["id"] and word == "secret" else None)
        if all(each in _NEUTRAL or each.isdigit() for each in after):
            return kind
        if kind is Kind.PASSWORD:
            return kind
        later = _by_word(after)
        if later is Kind.WEAK and kind in (Kind.KEY, Kind.PASSWORD, Kind.TOKEN):
            return kind
        return later or Kind.WEAK
    return None


def _kind_of_word(word: str, before: str, is_last: bool) -> Kind | None:
    if word in _PASSWORDS or word.endswith(_PASSWORD_ENDINGS):
        return Kind.PASSWORD
    if word == "pass":
        return Kind.PASSWORD if is_last and (not before or before in _PASS_OWNERS) else None
    if word.endswith("pass") and word[:-4] in _PASS_OWNERS:
        return Kind.PASSWORD
    if word in ("key", "keys"):
        if before in _SECRET_KEY_KINDS:
            return Kind.KEY
        return Kind.WEAK if before in _WEAK_KEY_KINDS or not before else None
    if word in _KEY_WORDS or word.endswith(("apikey", "secretkey", "privatekey", "accesskey")):
        return Kind.KEY
    if word == "string" and before == "connection":
        return Kind.KEY
    if word in _SECRET_WORDS or (word.endswith("secret") and len(word) > 7):
        return Kind.KEY
    if word in _CREDENTIALS:
        return Kind.CREDENTIALS
    return _kind_of_token(word, before, is_last)


def _kind_of_token(word: str, before: str, is_last: bool) -> Kind | None:
    if word == "tokens":
        return Kind.KEY if before in _TOKEN_KINDS else None
    if word == "pat" and before in _PAT_OWNERS:
        return Kind.KEY
    if word in _TOKEN_WORDS or (word.endswith("token") and len(word) > 7):
        if before in _HARMLESS_TOKEN_KINDS:
            return None
        return Kind.TOKEN if word == "token" and before not in _TOKEN_KINDS else Kind.KEY
    if word in _AUTHORIZATIONS:
        return Kind.AUTHORIZATION
    if word in _COOKIES:
        return Kind.COOKIE
    if word in _SESSIONS or word.endswith("sessionid") or (word == "id" and before == "session"):
        return Kind.SESSION
    if word == "session" and is_last:
        return Kind.SESSION
    if word in _CODES:
        return Kind.CODE
    return (
        Kind.WEAK if word in _WEAK and is_last and (not before or word in ("sig", "hmac")) else None
    )
