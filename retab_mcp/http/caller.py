"""The caller of a request: whose Retab key answers it, and what the log calls it."""

import hashlib
import ipaddress
import string
from dataclasses import dataclass, field
from typing import Any

from mcp.server.mcpserver import Context
from starlette.types import Scope

from retab_mcp.retab.credential import Credential
from retab_mcp.safety.sanitize import sanitize_text
from retab_mcp.settings import KeySource

# Hexadecimal digits of a key's hash in the log: enough to tell keys apart, and too few to confirm
# a guessed key.
KEY_HASH_DIGITS = 8
# Subjects of tokens are shorter; a longer one is cut in the log.
MAX_SUBJECT_CHARS = 128

# An owner of IPv6 addresses has at least this much of them, and may use each once.
_IPV6_PREFIX = 64

# The SDK passes the ASGI scope on to tool calls unchanged.
_SCOPE_KEY = "retab_mcp.caller"


@dataclass(frozen=True)
class Caller:
    """A Retab key, and what represents it elsewhere.

    `fingerprint` is for caches and limits, `name` for the log: `sub:` and the token's subject, or
    `key:` and the first digits of the key's SHA-256.
    """

    key: str = field(repr=False)
    fingerprint: str
    name: str
    source: KeySource = KeySource.HEADER

    @property
    def known(self) -> bool:
        """Whether the issuer of a token, or who started the server, has vouched for the key."""
        return self.source != KeySource.HEADER

    @classmethod
    def with_key(
        cls, key: str, *, subject: str = "", source: KeySource = KeySource.HEADER
    ) -> "Caller":
        """Return the caller with this key, without surrounding ASCII whitespace.

        Raises RetabError for text that cannot be a key.
        """
        key = key.strip(string.whitespace)
        fingerprint = Credential(key).fingerprint
        name = subject_name(subject) if subject else f"key:{_key_hash(key)}"
        return cls(key, fingerprint, name, source)


def subject_name(subject: str) -> str:
    """Return what the log calls the subject of a token."""
    return f"sub:{sanitize_text(subject)[0][:MAX_SUBJECT_CHARS]}"


def _key_hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:KEY_HASH_DIGITS]


def address_of(scope: Scope) -> str:
    """Return the address of the client, empty if it is unknown (a Unix socket)."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def network_of(scope: Scope) -> str:
    """Return the part of the client's address that one owner shares: for IPv6 the /64 network."""
    address = address_of(scope)
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((int(parsed), _IPV6_PREFIX), strict=False))


def set_caller(scope: Scope, caller: Caller) -> None:
    """Record the caller of a request in its scope."""
    scope[_SCOPE_KEY] = caller


def caller_of_scope(scope: Scope) -> Caller:
    """Return the caller of a request; raise KeyError before `set_caller`."""
    caller: Caller = scope[_SCOPE_KEY]
    return caller


def scope_of(context: Context[None, Any] | None) -> Scope:
    """Return the scope of the HTTP request that brought a tool call; empty outside HTTP."""
    request = context.request_context.request if context is not None else None
    scope: Scope = getattr(request, "scope", {})
    return scope


def caller_of(context: Context[None, Any] | None) -> Caller:
    """Return the caller of a tool call."""
    return caller_of_scope(scope_of(context))
