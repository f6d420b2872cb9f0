"""Find credentials that were encoded as base64."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator

import re2  # type: ignore[import-untyped]

from retab_mcp.safety.values import Span

_LONGEST_ENCODED = 16_384
_SHORT_WORD = 6  # shorter words are looked for at the start of what is encoded only
_RUN = re.compile(rb"[A-Za-z0-9+/_\-]{4,}={0,2}")
_RUN_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-"

# Words that announce a credential, and prefixes of keys.
_WORDS = (
    *(b"password", b"passwd", b"passwort", b"secret", b"api_key", b"apikey", b"api-key", b"token"),
    *(b"authorization", b"bearer ", b"private_key", b"credential", b"cookie", b"passphrase"),
)
_PREFIXES = (
    *(b"AKIA", b"ASIA", b"ghp_", b"gho_", b"ghs_", b"github_pat_", b"glpat-", b"xoxb-", b"xoxp-"),
    *(b"sk_live_", b"sk_test_", b"rk_live_", b"rt_live_", b"rt_test_", b"sk_retab_", b"sk-proj-"),
    *(b"sk-ant-", b"AIza", b"eyJhbGci", b"-----BEGIN ", b"SG.", b"hf_", b"npm_", b"shpat_"),
    *(b"acctk_", b"rk_test_", b"whsec_", b"ya29.", b"xapp-"),
)


def _encodings(word: bytes) -> Iterator[bytes]:
    """Yield the characters that a word becomes, at each of its three places in a group."""
    for offset in range(3 if len(word) >= _SHORT_WORD else 1):
        encoded = base64.b64encode(b"\0" * offset + word)
        first = -(-offset * 8 // 6)
        yield encoded[first : (offset + len(word)) * 8 // 6]


def _cased(word: bytes) -> tuple[bytes, ...]:
    return word, word.upper(), word.title()


ENCODED_WORDS = tuple(
    dict.fromkeys(
        encoded
        for word in (*_PREFIXES, *(cased for each in _WORDS for cased in _cased(each)))
        for encoded in _encodings(word)
    )
)
_HINT = re2.compile(b"|".join(map(re2.escape, ENCODED_WORDS)))


def encoded_spans(data: bytes, holds_secret: Callable[[str], bool]) -> Iterator[Span]:
    """Yield the spans of base64 in which `holds_secret` finds one, once it is decoded."""
    done = 0
    for hint in _HINT.finditer(data):
        if hint.start() < done:
            continue
        window = data[max(done, hint.start() - _LONGEST_ENCODED) : hint.start()]
        start = hint.start() - (len(window) - len(window.rstrip(_RUN_BYTES)))
        run = _RUN.match(data, start, start + _LONGEST_ENCODED)
        if run is None:
            continue
        done = run.end()
        decoded = _decode(run[0])
        if decoded is not None and holds_secret(decoded):
            yield start, run.end()


def _decode(run: bytes) -> str | None:
    bare = run.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
    if len(bare) % 4 == 1:
        bare = bare[:-1]
    try:
        decoded = base64.b64decode(bare + b"=" * (-len(bare) % 4), validate=True)
        return decoded.decode()
    except (binascii.Error, ValueError):
        return None
