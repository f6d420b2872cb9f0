"""Decide whether the value under a credential's name is one, or says why there is none."""

import re
from itertools import pairwise

from retab_mcp.safety.names import Kind, words_of
from retab_mcp.safety.view import fold

REDACTED = "[redacted]"

Span = tuple[int, int]

# Longer values are no placeholder and no sentence about an error.
_LONGEST_SENTENCE = 1_000
_LONGEST_PLACEHOLDER = 300
_LONGEST_PLAIN_WORD = 20
_FEWEST_PHRASE_WORDS = 6
_LEAST_STRICT = 6
_USUAL_LENGTH = 3


_NOTHING = words_of(
    "read write list admin all manage delete create update view "
    "null none nil undefined nan true false yes no n/a na unset empty unknown missing tbd todo "
    "hidden masked redacted removed filtered omitted absent blank not-set notset string str "
    "number integer int bool boolean object array bytes secret password token void optional "
    "required default any changeme change_me change-me replace_me replaceme fill_me_in "
    "to-be-set tba"
)
# One of them alone says how a credential is, not what it is.
_STATUSES = words_of(
    "incorrecta invalida vencida scaduta errata incorrecte onjuist verkeerd falsche falsches "
    "invalid expired revoked missing required rejected refused denied failed failure error "
    "errors incorrect wrong bad malformed unauthorized forbidden mismatch mismatched changed "
    "reset updated created rotated disabled enabled active inactive valid verified unverified "
    "pending approved accepted declined granted ok okay present absent set unset empty blank "
    "unavailable unsupported deprecated locked blocked forgotten weak short long too exhausted "
    "exceeded unused used identifier string number eof abgelaufen ungultig falsch fehlt "
    "gesperrt vergessen leer invalide expire manquant incorrecto invalido caducado caducada "
    "vencido scaduto mancante verlopen ongeldig pflichtfeld pflichtangabe erforderlich benotigt "
    "obligatoire requis requise obligatorio obligatoria requerido requerida obbligatorio "
    "obbligatoria richiesto richiesta verplicht vereist obrigatorio obrigatoria"
)
# Words of a sentence that says what a credential has to be or why it was refused.
_REASONS = _STATUSES | words_of(
    "must should shall may can cannot can't could not isn't doesn't wasn't don't won't least "
    "most minimum maximum min max characters character letters digits symbols length please use "
    "see contact check try enter click choose only contain contains containing include includes "
    "match matches given found exist exists policy docs documentation parameter because needs "
    "need needed expects expected got received provided supplied muss darf nicht mindestens "
    "zeichen bitte kein keine doit moins caracteres pas debe menos deve almeno caratteri non "
    "moet minimaal tekens niet geen kurz allowed permitted supported refer ask request "
    "requested generate renew refresh forgot known again authenticate sign log login via works "
    "later sent never already siehe separat separates stimmt stimmen uberein lauft lang geandert "
    "zuruckgesetzt enthalten eingeben geben anfordern kontaktieren sonderzeichen leerzeichen "
    "ziffer ziffern zahl buchstaben grossbuchstaben kleinbuchstaben ubermittelt zugesandt post "
    "voir trop court courte chiffre chiffres majuscule contenir contient saisir saisissez "
    "renseigner expirer demander oublie oubliee demasiado corta corto mayuscula contener "
    "introducir introduzca caducar solicitar troppo contenere inserire minimaal bevatten "
    "invoeren curta "
    "conter informe inserir ver vedi zie"
)
_GLUE = words_of(
    "a an the of for in on to with without from by and or no any is are was were be been has "
    "have had does did do at than characters your you this that it its field value input here "
    "header query when if after before until since due during ist der die das ein eine und oder "
    "dieses feld bitte neues ce cet champ este campo questo dit veld "
    "wurde war etre au les la le un une est sans ser al el essere zijn zu trop court as not"
)
_SENTENCE_WORDS = _REASONS | _GLUE
_SCHEMES = words_of(
    "bearer basic token apikey api-key digest negotiate ntlm oauth hawk mac ssws key jwt "
    "sharedkey sharedkeylite sharedaccesssignature signature geniekey splunk discogs hmac "
    "klaviyo-api-key aws aws4-hmac-sha256 aws4-hmac-sha512 private-token pve api_key x-api-key "
    "accesskey bot hmac-sha256 acs3-hmac-sha256 zoho-oauthtoken client-id cloudsigma dpop gnap "
    "password secret"
)
_TEMPLATES = re.compile(
    r"\$?\{\{[^{}]*\}\}|\{%[^%{}]*%\}|\$\{[^{}]*\}|\$\([^()]*\)|%\{[^{}]*\}|<%[^%<>]*%>|<<?[^<>\n]*>>?"
    r"|\[\[[^\[\]]*\]\]|\{[A-Za-z_][A-Za-z_.\- ]*\}|%[A-Z_][A-Z0-9_]*%|\$[A-Z_][A-Z0-9_]*|\$env:\w+"
    r"|%\([a-z_]+\)s|%[sdv]|:[a-z_]+|@Microsoft\.KeyVault\([^()]*\)|!\w+ [\w.]+|#\{[^{}]*\}"
)
_REFERENCES = re.compile(
    r"(?:arn:aws:(?:secretsmanager|ssm):|vault:|ssm:|op://|projects/[\w\-]+/secrets/|secretref:"
    r"|secrets?[./]|env[.:]|awssm:|gcpsm:|sm://|azurekeyvault:|doppler:|infisical:)[\w\-./:@#$*]+",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"[A-Za-z_$][\w$]{0,60}\([^()\n]{0,100}\)[;,)]{0,3}|(?:self|this|os|process|config|cfg|conf|settings|env|environ|req|request|ctx|context|secrets|vars"
    r"|var|inputs?|steps?|params|props|state|args|kwargs|options|opts|user|data|form|body|headers"
    r"|session|module|local|client|event|record|row|item|obj|payload|getenv|import|new|str|string)"
    r"(?:\??\.[A-Za-z_$][\w$]*|\[[\"']?[\w\-]+[\"']?\]|\([^()\n]*\)){1,8}[;,)]{0,3}",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(
    r"(?:your|insert|replace|enter|paste|put|add|dummy|placeholder|example|sample|fake|mock|my|the|some"
    r"|ihr|ihre|dein|votre|su|tu|seu|il-tuo)[-_ ]?[A-Za-z_\- ]*(?:[-_ ]?(?:here|goes here))?",
    re.IGNORECASE,
)
_BRACKETED_WORD = re.compile(r"[(\[<]\s*[A-Za-z][A-Za-z ,.\-]{0,40}[)\]>]")
_MASK = re.compile(
    r"([*xX•●∙.#_\-?◦⬤█…])\1{2,}|[*•●█]+"
    r"|\*{2,}[A-Za-z_ ]{1,40}\*{2,}|__[A-Z_]{1,40}__|@@[A-Z_]{1,40}@@"
    r"|x{3,}[\w]{0,4}|[*•●]{3,}[\w]{0,4}"
    r"|[\w\-]{0,12}(?:\.{2,}|…|\*{2,})[\w*.]{0,8}|\W+"
)
_AMOUNT = re.compile(
    r"(?:[A-Z]{3}|[$€£¥])?\s?-?\d{1,3}(?:[.,' ]?\d{3})*(?:[.,]\d{1,3})?\s?(?:[A-Z]{3}|[$€£¥%])?"
)
_TALLY = re.compile(r"\d{1,3} ?/ ?\d{1,3}")
_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
    r"|\d{1,2}[./]\d{1,2}[./]\d{2,4}"
)
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# Ids as interfaces give them: a word that says of what, and a random part.
_TYPED_ID = re.compile(r"[A-Za-z]{2,12}_[A-Za-z0-9]{6,40}")
# Ids of messages and calls, whose prefix tells the kind.
_NUMBERED_ID = re.compile(r"[A-Z]{2}[0-9a-f]{32}")
_SECRET_PREFIXES = ("sk_", "rt_", "rk_", "key_", "secret_", "token_", "tok_", "pat_", "api_")
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_INNER = re.compile(r"[A-Za-z0-9+/=_\-.~!@#$%^&*]{6,}")
_QUOTED = re.compile(r"([\"'`])([^\s\"'`]{4,200})\1")
_PAIR = re.compile(r"[^\s=;,]{1,100}=[^\s;,]")
_NAMED_VALUE = re.compile(r"[\w\-]+=")
_CLOSERS = "\"'`.,;:!?)]}"


def secret_spans(kind: Kind, value: str, *, strict: bool = False) -> list[Span]:
    """Return which parts of a value under a credential's name to hide; none where it is none.

    `strict` is for places where nothing else is expected: a header, an object of credentials.
    """
    text = value.strip()
    if not text or is_placeholder(text):
        return []
    start = value.index(text)
    if kind is Kind.AUTHORIZATION or kind is Kind.CREDENTIALS:
        return _of_authorization(text, start, strict, kind)
    whole = [(start, start + len(text))]
    if kind in (Kind.WEAK, Kind.SESSION):
        if _NUMBERED_ID.fullmatch(text):
            return []
        hides = looks_random(text) or (kind is Kind.SESSION and _is_session(text))
        return whole if hides else []
    if kind is Kind.COOKIE:
        hides = _has_pair(text) or looks_random(text) or (strict and _is_single(text))
        return whole if hides else []
    if kind is Kind.PHRASE:
        hides = len(text.split()) >= _FEWEST_PHRASE_WORDS or looks_random(text)
        return whole if hides and not is_sentence(text) else []
    if is_sentence(text):
        return [(start + a, start + b) for a, b in spans_in_sentence(text)]
    if (
        kind is Kind.TOKEN
        and not strict
        and (_is_plain(text) or _is_identifier(text) or _is_short_number(text))
    ):
        return []
    if kind is Kind.KEY and not strict and (_is_description(text) or _AMOUNT.fullmatch(text)):
        return []
    if _TALLY.fullmatch(text):
        return []
    if kind is Kind.CODE and not strict and not _is_code(text):
        return []
    return whole


def is_placeholder(text: str) -> bool:
    """Return whether a text is a placeholder for a missing credential."""
    if len(text) > _LONGEST_PLACEHOLDER:
        return False
    bare = text.strip().strip("\"'`").strip()
    if not bare or REDACTED in bare:
        return not bare or not bare.replace(REDACTED, "").strip(" \"'`.,;:!?)]}([{")
    if fold(bare).lower().strip("()[]<>.,;") in _NOTHING:
        return True
    if _EXAMPLE.fullmatch(bare) and len(bare.split()) < 6 and len(bare) > 7:
        return True
    return is_template(bare) or any(
        pattern.fullmatch(bare) for pattern in (_REFERENCES, _CODE, _BRACKETED_WORD)
    )


def is_code(text: str) -> bool:
    """Return whether a text begins with code that reads a value from elsewhere."""
    return _CODE.match(text) is not None


def starts_template(text: str) -> bool:
    """Return whether a text begins with something that is to be filled in."""
    return _TEMPLATES.match(text) is not None


def is_template(text: str) -> bool:
    """Return whether a text is to be filled in (`{{…}}`, `${X}`), masked, or redacted already."""
    return len(text) <= _LONGEST_PLACEHOLDER and bool(
        text == REDACTED or _TEMPLATES.fullmatch(text) or _MASK.fullmatch(text)
    )


def is_sentence(text: str) -> bool:
    """Return whether a text reads like words about a credential: why it was refused, what for."""
    if len(text) > _LONGEST_SENTENCE:
        return False
    if not any(map(str.isalnum, filter(str.isascii, text))):
        # Words of a script without blanks.
        return sum(map(str.isalpha, text)) > 1
    words = fold(text).lower().split()
    first = words[0].strip("\"'`.,;:!?()[]{}-*")
    if len(words) == 1:
        return first in _STATUSES
    bare = [word.strip("\"'`.,;:!?()[]{}-*") for word in words[:12]]
    if first and not _WORD.fullmatch(first) and first not in _REASONS:
        return False
    reasons = sum(1 for word in bare if word in _REASONS)
    if len(bare) == 2:
        return first in _STATUSES or bare[1] in _STATUSES or all(w in _SENTENCE_WORDS for w in bare)
    known = sum(1 for word in bare if word in _SENTENCE_WORDS)
    plain = sum(1 for word in bare if not word or _WORD.fullmatch(word))
    return reasons >= 1 and plain >= len(bare) * 0.6 and known * 5 >= len(bare)


def spans_in_sentence(text: str) -> list[Span]:
    """Return what looks like a credential inside a sentence about one."""
    spans = [match.span(2) for match in _QUOTED.finditer(text) if not _is_plain(match[2])]
    for match in _INNER.finditer(text):
        word = match[0].rstrip(".,;:!?")
        if _has_both(word) and looks_random(word, shortest=8) and not _TYPED_ID.fullmatch(word):
            spans.append((match.start(), match.start() + len(word)))
    return sorted(spans)


def scheme_of(text: str) -> str:
    """Return the authorization scheme that a text begins with, with the blanks after it, or ""."""
    head = re.match(r"\s*([A-Za-z][\w\-]{1,30})[ \t+]+(?=\S)", text)
    return head[0] if head and head[1].lower() in _SCHEMES else ""


def looks_random(text: str, shortest: int = 16) -> bool:
    """Return whether a text looks drawn by lot rather than written: no blanks, letters in between
    digits or of both cases, at least `shortest` characters."""
    bare = text.strip("\"'`")
    if len(bare) < shortest or any(character.isspace() for character in bare[:2000]):
        return False
    sample = fold(bare[:400])
    if "://" in sample or _DATE.fullmatch(sample) or _UUID.fullmatch(sample):
        return False
    if _TYPED_ID.fullmatch(sample) and not sample.startswith(_SECRET_PREFIXES):
        return False
    if "." in sample and "/" in sample:
        return False
    changes = cases = 0
    previous = ""
    for character in sample:
        kind = "d" if character.isdigit() else "u" if character.isupper() else "l"
        if not character.isalnum():
            kind = ""
        elif previous and kind != previous:
            changes += "d" in (kind, previous)
            cases += (previous, kind) == ("l", "u")
        previous = kind
    if changes >= 2 and len(sample) >= shortest:
        return changes * 14 >= len(sample) or cases >= 2
    return (cases >= 4 and cases * 8 >= len(sample)) or (changes >= 1 and cases >= 2)


def is_drawn(text: str) -> bool:
    """Return whether a text is no word, date or number: of eight characters, with a digit and
    letters of both cases, or random."""
    if len(text) < 8 or _DATE.match(text) or _TYPED_ID.fullmatch(text) or is_reference(text):
        return False
    has_cases = any(map(str.isupper, text)) and any(map(str.islower, text))
    return (has_cases and _has_both(text)) or looks_random(text, 8)


def is_mixed(text: str) -> bool:
    """Return whether a text of six characters or more has letters as well as digits."""
    return len(text) >= 6 and _has_both(text)


def _has_both(text: str) -> bool:
    return any(map(str.isdigit, text)) and any(map(str.isalpha, text))


def _of_authorization(text: str, start: int, strict: bool, kind: Kind) -> list[Span]:
    whole = [(start, start + len(text))]
    if scheme := scheme_of(text):
        rest = text[len(scheme) :]
        if is_placeholder(rest) or is_sentence(rest) or (_is_description(rest) and not strict):
            return []
        return whole
    if looks_random(text, shortest=12) or (kind is Kind.AUTHORIZATION and _PAIR.match(text)):
        return whole
    if (
        strict
        and not text.isspace()
        and " " not in text
        and not is_sentence(text)
        and not is_reference(text)
    ):
        return whole
    return []


def _has_pair(text: str) -> bool:
    """Return whether a text has a pair whose value is given: `sid=…`, but not `sid={{cookie}}`."""
    pairs = (part.partition("=") for part in text[:_LONGEST_SENTENCE].split(";"))
    return any(
        mark and value.strip() and not is_template(value.strip()) for _, mark, value in pairs
    )


def _is_single(text: str) -> bool:
    return len(text) >= _LEAST_STRICT and not any(map(str.isspace, text))


def is_reference(text: str) -> bool:
    """Return whether a text is a number as people give them: PA-2024-7781, 045622."""
    return bool(re.fullmatch(r"(?:[A-Za-z]{1,6}[\-/ ]?)?\d{1,8}(?:[\-/.]\d{1,8}){0,4}", text))


def _is_session(text: str) -> bool:
    return len(text) >= 8 and not any(map(str.isspace, text)) and any(map(str.isdigit, text))


def _is_identifier(text: str) -> bool:
    """Return whether a text is plain words joined by underscores, as codes of errors are."""
    return "_" in text and _is_plain(text.replace("_", " "))


def _is_plain(text: str, fewest: int = 1) -> bool:
    """Return whether a text is `fewest` words or more that consist of letters only."""
    words = text.strip("\"'`").split()
    return len(words) >= fewest and all(
        len(word) < _LONGEST_PLAIN_WORD
        and _WORD.fullmatch(word.strip(_CLOSERS + "([{"))
        and not _is_camel(word)
        for word in words[:40]
    )


def _is_description(text: str) -> bool:
    """Return whether a text is words of a usual length: a key of a door is described by them."""
    words = text.split()
    return _is_plain(text, 2) and sum(map(len, words)) >= _USUAL_LENGTH * len(words)


def _is_camel(word: str) -> bool:
    return sum(1 for a, b in pairwise(word) if a.islower() and b.isupper()) > 1


def _is_short_number(text: str) -> bool:
    return bool(_AMOUNT.fullmatch(text)) and sum(map(str.isdigit, text)) < 4


def _is_code(text: str) -> bool:
    """Return whether a text may be a one-time code: short, with a digit, hardly any blanks."""
    digits = sum(map(str.isdigit, text))
    if looks_random(text):
        return True
    if re.fullmatch(r"\d*[.,]\d+", text):
        return False
    return digits >= 3 and len(text) <= 64 and len(text.split()) <= 3 and not _DATE.fullmatch(text)
