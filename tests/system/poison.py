"""A Retab API that adds a credential and invisible characters to every text.

It wraps a sandbox: responses are poisoned, and ids in the form that answers show (poisoned, then
sanitized) are translated back.
"""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote
from zlib import crc32

import httpx

from retab_mcp.safety.sanitize import sanitize_text
from retab_mcp.sandbox.samples import fakes

Json = Any

# A part of a credential counts as a leak from this many characters on.
MIN_LEAK = 8

# Survives cleaning and redaction, and shows that a text of the API reached an answer.
MARK = "poison"
_END = "nosiop"
_RUN_PATH = re.compile(r"/workflows/runs/[^/]+$")
_SUFFIX = re.compile(rf" {MARK} .*? {_END}", re.DOTALL)

ZERO_WIDTH_SPACE = "\u200b"
CONTROLS = "\x9b\x00\x07\x08\x1b\x7f\x85"
INVISIBLE = f"{ZERO_WIDTH_SPACE}\u2060\ufeff\u00ad\u180e"
DIRECTIONS = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
TAGS = "\U000e0041\U000e0042\U000e007f"
HOSTILE_CHARACTERS = CONTROLS + INVISIBLE + DIRECTIONS + TAGS
_SELECTOR_RUN = "\ufe0f\ufe01\ufe02\U000e0101\U000e0102"
DELIMITERS = ("<|im_start|>", "<|im_end|>", "<|endoftext|>", "[INST]", "<start_of_turn>")
HOSTILE = (
    *(CONTROLS, INVISIBLE, DIRECTIONS, TAGS),
    *("\x1b[31mred\x1b[0m", "\x1b]0;title\x07", f"e{_SELECTOR_RUN}"),
    *DELIMITERS,
)


@dataclass(frozen=True)
class Secret:
    """A credential as written in a text, and the part of it that must not be shown."""

    text: str
    private: str


def _password(name: str) -> str:
    # Without a known form, and long enough to distinguish its halves from other text.
    return fakes.password(name) + fakes.password(f"{name} more")


def _plain_secrets() -> tuple[Secret, ...]:
    key, older, token = fakes.retab_key("poison"), fakes.api_key("poison"), fakes.web_token("p")
    cloud, hidden = fakes.cloud_key_id("poison"), fakes.retab_key("hidden")
    return (
        Secret(key, key.rsplit("_", 1)[1]),
        Secret(older, older.rsplit("_", 1)[1]),
        Secret(token, token),
        Secret(cloud, cloud),
        # A rule that runs before cleaning would miss this one.
        Secret(ZERO_WIDTH_SPACE.join(hidden), hidden.rsplit("_", 1)[1]),
    )


def _spoken_secrets() -> tuple[Secret, ...]:
    signature, database, named, quoted, bearer = (
        _password(name) for name in ("signature", "database", "named", "quoted", "bearer")
    )
    lines = "\n".join(_password(f"line {number}") for number in range(3))
    pem = "PRIVATE KEY"
    return (
        Secret(f"https://b.example/a.pdf?X-Amz-Signature={signature}", signature),
        Secret(f"postgresql://setup:{database}@db.example/portal", database),
        Secret(f"password={named}", named),
        Secret(json.dumps({"api_key": quoted}), quoted),
        Secret(f"Bearer {bearer}", bearer),
        Secret(f"-----BEGIN {pem}-----\n{lines}\n-----END {pem}-----", lines),
    )


# For ids: without characters that would make them a URL or a path.
PLAIN_SECRETS = _plain_secrets()
SECRETS = (*PLAIN_SECRETS, *_spoken_secrets())
# Recognisable by the name of its key only.
NAMELESS = Secret(_password("nameless"), _password("nameless"))
KEY_SECRET = Secret(fakes.retab_key("key"), fakes.retab_key("key").rsplit("_", 1)[1])

POISONED_KEY = f"{MARK} {KEY_SECRET.text}{ZERO_WIDTH_SPACE}"
SAFE_KEY = f"{MARK} [redacted]"

_FORBIDDEN_PARTS = frozenset(
    secret.private[start : start + MIN_LEAK]
    for secret in (*SECRETS, NAMELESS, KEY_SECRET)
    for start in range(len(secret.private) - MIN_LEAK + 1)
)


def safe(text: str) -> str:
    """Return what an answer shows of a poisoned text."""
    return sanitize_text(poisoned_text(text))[0]


def leaks_in(answer: Json) -> list[str]:
    """Return the leaks in a decoded answer: parts of secrets, and hostile characters."""
    return [leak for text in texts_in(answer) for leak in _leaks_in_text(text)]


def texts_in(value: Json) -> list[str]:
    """Yield every text and key of a JSON value."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in texts_in(part)]
    if isinstance(value, list):
        return [text for item in value for text in texts_in(item)]
    return []


def _leaks_in_text(text: str) -> list[str]:
    parts = {text[start : start + MIN_LEAK] for start in range(len(text) - MIN_LEAK + 1)}
    found = [f"part of a secret: {part}" for part in parts & _FORBIDDEN_PARTS]
    found += [f"character {mark!r}" for mark in HOSTILE_CHARACTERS if mark in text]
    found += [f"delimiter {mark}" for mark in DELIMITERS if mark in text]
    if any(mark in text for mark in _SELECTOR_RUN[1:]):
        found.append("a run of variation selectors")
    return found


# Fields without which a body cannot be read: poisoned in some drives only.
STATUSES = frozenset(("status",))
TYPES = frozenset(("type", "kind", "operation", "block_type", "operator", "verdict"))
TIMES = frozenset(("time",))
STRUCTURE = STATUSES | TYPES | TIMES
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_ID_LIKE = re.compile(r"[\w.:\-]{1,120}", re.ASCII)
# Maps whose keys are ids of blocks and handles.
_KEYED_BY_ID = frozenset(
    ("handle_inputs", "handle_outputs", "documents", "json_data", "likelihoods")
)


def poisoned_text(text: str) -> str:
    """Return the text with a secret and hostile characters appended, the same for equal texts."""
    if MARK in text:
        return text
    number = crc32(text.encode("utf-8", "replace"))
    secrets = PLAIN_SECRETS if _ID_LIKE.fullmatch(text) else SECRETS
    secret = secrets[number % len(secrets)]
    return f"{text} {MARK} {secret.text} {HOSTILE[number % len(HOSTILE)]} {_END}"


def poisoned(value: Json, keep: frozenset[str] = STRUCTURE, name: str = "") -> Json:
    """Return a body with every text poisoned except under the keys `keep`.

    Every object has two more members."""
    if isinstance(value, str):
        kept = name in keep or (keep >= TIMES and _TIME.match(value))
        return value if kept else poisoned_text(value)
    if isinstance(value, list):
        return [poisoned(item, keep, name if isinstance(item, str) else "") for item in value]
    if not isinstance(value, dict):
        return value
    keyed_by_id = name in _KEYED_BY_ID
    new = {
        poisoned_text(key) if keyed_by_id else key: poisoned(child, keep, key)
        for key, child in value.items()
    }
    new["portal_password"] = NAMELESS.text
    new[POISONED_KEY] = MARK
    return new


class PoisonedTransport(httpx.AsyncBaseTransport):
    """HTTP in memory to a sandbox whose bodies and request ids are poisoned on the way out.

    Values under the keys `keep` are not poisoned.
    """

    def __init__(self, app: Any, keep: frozenset[str] = STRUCTURE) -> None:
        self._inner = httpx.ASGITransport(app=app)
        self._keep = keep
        self._bodies: dict[tuple[str, bytes], bytes] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the sandbox's response, poisoned."""
        cured = httpx.URL(str(request.url).split("?")[0])
        asked = unquote(request.url.raw_path.decode().partition("?")[0])
        path = _SUFFIX.sub("", asked)
        query = httpx.QueryParams(
            [(key, _SUFFIX.sub("", value)) for key, value in request.url.params.multi_items()]
        )
        cured = cured.copy_with(raw_path=quote(path).encode()).copy_merge_params(query)
        response = await self._inner.handle_async_request(
            httpx.Request("GET", cured, headers=request.headers)
        )
        body = b"".join([piece async for piece in response.stream])  # type: ignore[union-attr]
        if (asked, body) not in self._bodies:
            spoiled = poisoned(json.loads(body), self._keep)
            if _RUN_PATH.search(path) and "id" in spoiled:
                # A run with another id than the one asked for is refused.
                spoiled["id"] = asked.rpartition("/")[2]
            self._bodies[asked, body] = json.dumps(spoiled).encode()
        headers = {"content-type": "application/json", "x-request-id": f"req:{KEY_SECRET.text}"}
        return httpx.Response(
            response.status_code, headers=headers, content=self._bodies[asked, body]
        )
