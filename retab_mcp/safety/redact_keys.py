"""Which keys, header names and query parameters hold a credential, by their words."""

import re
from functools import lru_cache

_LONGEST_KEY = 200  # a longer key is data, and splitting it would cost time
_CACHED_KEYS = 4096

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SECRET_WORDS = _words(
    "authorization auth password passwords passwd pwd passphrase passcode secret secrets token "
    "cookie cookies credential credentials apikey apikeys apitoken apisecret accesstoken authtoken "
    "refreshtoken idtoken bearertoken sessiontoken accesskey secretkey privatekey signingkey "
    "encryptionkey clientsecret sharedsecret jwt bearer"
)
_SECRET_ENDINGS = ("password", "passwd", "passphrase")

# A key is a secret one only when it is such a key; `key` alone is a name like any other.
_SECRET_KEY_KINDS = _words(
    "api private access secret signing encryption account auth master ssh shared session "
    "subscription decryption hmac service"
)
# More than one token is a count, unless the word before says what they open.
_SECRET_TOKEN_KINDS = _words("access refresh auth bearer api session id secret csrf user device")
# `max_token` counts, `next_page_token` is a position.
_HARMLESS_TOKEN_KINDS = _words("max min num n per page next pagination continuation sync")
# What follows the secret word and makes the key speak *about* a secret.
_ABOUT = _words(
    "id ids count counts total totals limit limits usage used budget name names type types kind "
    "status state expires expiry expiration at length size valid required present enabled created "
    "updated url urls uri endpoint method mode scheme provider version policy consent cost price "
    "rate index position schema field fields date number error errors message reason description "
    "label title likelihood confidence score per ref reference"
)


@lru_cache(maxsize=_CACHED_KEYS)
def is_secret_key(key: str) -> bool:
    """Tell whether the value under a key is a credential, by the whole words of the key.

    Words are found in any case and with any separator (`X-Api-Key`, `apiKey`, `api key`). Counts
    (`total_tokens`) and what is only about a secret (`api_key_id`, `token_type`) are not.
    """
    if len(key) > _LONGEST_KEY:
        return False
    words = [word.lower() for word in _WORD.findall(key)]
    for place, word in enumerate(words):
        before = words[place - 1] if place else ""
        if _opens(word, before) and not _ABOUT.intersection(words[place + 1 :]):
            return True
    return False


def _opens(word: str, before: str) -> bool:
    if word in ("key", "keys"):
        return before in _SECRET_KEY_KINDS
    if word == "tokens":
        return before in _SECRET_TOKEN_KINDS
    if word == "token":
        return before not in _HARMLESS_TOKEN_KINDS
    return word in _SECRET_WORDS or word.endswith(_SECRET_ENDINGS)
